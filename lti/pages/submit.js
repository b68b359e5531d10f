/** Sends the page's one form on. */
document.forms[0].submit();
