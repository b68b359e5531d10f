/**
 * Tells the platform's page around us how tall we are, so that its scroll bar is the only one. Says nothing but a height, and so may say it
 * to whoever frames us. Presenting fills whatever it is given, and asks for nothing.
 */

/** Canvas' words and the older ones of 1EdTech: a platform hears the one it knows. */
const subjects = ['lti.frameResize', 'org.imsglobal.lti.frameResize'];

/** Two heights by turns within this many ms are a scroll bar that comes and goes: the taller one serves both. */
const restless = 500;

export function fitFrame(root: HTMLElement): void {
  if (window.parent === window) return;
  document.documentElement.classList.add('framed');
  let [told, before, toldAt] = [0, 0, 0];
  const tell = () => {
    if (document.querySelector('main.present')) return;
    const height = Math.ceil(root.getBoundingClientRect().height);
    const now = performance.now();
    if (height === told || (height === before && height < told && now - toldAt < restless)) return;
    [before, told, toldAt] = [told, height, now];
    for (const subject of subjects) window.parent.postMessage({ subject, message_id: `${subject} ${height}`, height }, '*');
  };
  new ResizeObserver(tell).observe(root);
}
