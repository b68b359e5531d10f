/** Why a platform could not be attached, for the administrator who tries: what happened and what to do, in English and Spanish. */
export type RegisterPage =
  | 'invitation'
  | 'invited'
  | 'register_address'
  | 'unanswered'
  | 'declined'
  | 'unreadable'
  | 'impostor'
  | 'attached';

export const registerWords: Record<'en' | 'es', Record<RegisterPage, { title: string; what: string; todo: string }>> = {
  en: {
    invitation: {
      title: 'This connection needs a fresh invitation',
      what: 'A school platform is connected with an invitation from your district. This one is not known, or is no longer good.',
      todo: 'Make a new invitation on the page “School platforms”, and paste its whole link into your platform.',
    },
    invited: {
      title: 'This invitation was already used',
      what: 'Each invitation connects one platform, once.',
      todo: 'Look at “School platforms” to see what it connected. For another platform, make a new invitation.',
    },
    register_address: {
      title: 'Your platform did not say where its settings are',
      what: 'This link is opened by a school platform, which adds the address of its settings. That address is missing or is not https.',
      todo: 'Do not open the link yourself: paste it where your platform registers a tool by its address.',
    },
    unanswered: {
      title: 'Your platform did not answer',
      what: 'We could not reach your platform at the address it gave, or are not allowed to call it.',
      todo: 'Try again in a few minutes: the invitation is still good. If it happens again, enter the values by hand.',
    },
    declined: {
      title: 'Your platform declined',
      what: 'Your platform answered that it does not make this connection. Often too much time went by since its page was opened.',
      todo: 'Begin again in your platform: the invitation is still good. If it happens again, enter the values by hand.',
    },
    unreadable: {
      title: 'Your platform’s answer is incomplete',
      what: 'Your platform answered, and something that is needed for a connection is missing from its answer.',
      todo: 'Enter the values by hand, as “School platforms” shows them, and tell your platform’s support.',
    },
    impostor: {
      title: 'These settings belong to another platform',
      what: 'The settings say they are of another platform than the one that sent them. We connect only what speaks for itself.',
      todo: 'Open your platform by its own address, for Canvas the one that ends in instructure.com, or enter the values by hand.',
    },
    attached: {
      title: 'This platform is already connected',
      what: 'A connection with the same issuer and client id exists.',
      todo: 'Look at “School platforms”. Remove the older tool in your platform, or keep using it.',
    },
  },
  es: {
    invitation: {
      title: 'Esta conexión necesita una invitación nueva',
      what: 'Una plataforma escolar se conecta con una invitación de su distrito. Esta no se conoce, o ya no es válida.',
      todo: 'Cree una invitación nueva en la página “Plataformas escolares” y pegue su enlace completo en su plataforma.',
    },
    invited: {
      title: 'Esta invitación ya se usó',
      what: 'Cada invitación conecta una plataforma, una sola vez.',
      todo: 'Vea en “Plataformas escolares” qué conectó. Para otra plataforma, cree una invitación nueva.',
    },
    register_address: {
      title: 'Su plataforma no dijo dónde está su configuración',
      what: 'Este enlace lo abre una plataforma escolar, que añade la dirección de su configuración. Esa dirección falta o no es https.',
      todo: 'No abra usted el enlace: péguelo donde su plataforma registra una herramienta por su dirección.',
    },
    unanswered: {
      title: 'Su plataforma no respondió',
      what: 'No pudimos llegar a su plataforma en la dirección que dio, o no se nos permite llamarla.',
      todo: 'Inténtelo otra vez en unos minutos: la invitación sigue siendo válida. Si vuelve a pasar, escriba los valores a mano.',
    },
    declined: {
      title: 'Su plataforma no aceptó',
      what: 'Su plataforma respondió que no hace esta conexión. Muchas veces pasó demasiado tiempo desde que se abrió su página.',
      todo: 'Empiece otra vez en su plataforma: la invitación sigue siendo válida. Si vuelve a pasar, escriba los valores a mano.',
    },
    unreadable: {
      title: 'La respuesta de su plataforma está incompleta',
      what: 'Su plataforma respondió, y en su respuesta falta algo necesario para la conexión.',
      todo: 'Escriba los valores a mano, como los muestra “Plataformas escolares”, y avise al soporte de su plataforma.',
    },
    impostor: {
      title: 'Esta configuración es de otra plataforma',
      what: 'La configuración dice ser de otra plataforma, no de la que la envió. Solo conectamos lo que habla por sí mismo.',
      todo: 'Abra su plataforma por su propia dirección, en Canvas la que termina en instructure.com, o escriba los valores a mano.',
    },
    attached: {
      title: 'Esta plataforma ya está conectada',
      what: 'Ya existe una conexión con el mismo emisor y el mismo id de cliente.',
      todo: 'Véala en “Plataformas escolares”. Quite la herramienta anterior en su plataforma, o siga usándola.',
    },
  },
};
