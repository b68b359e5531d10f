/** Spanish for district IT: school platforms. */
export const platforms = {
  'copy.do': 'Copiar',
  'copy.done': 'Copiado.',
  'copy.byHand': 'Está seleccionado. Cópielo con el teclado.',

  'failure.own_platform': 'Usted entró desde esta plataforma',
  'failure.own_platform.do':
    'Si la desactiva, usted tampoco podrá entrar. Entre desde otra plataforma, o pídalo a quien mantiene este servicio.',

  'connection.title': 'Probar esta conexión',
  'connection.of': 'Prueba de {platform}',
  'connection.what':
    'Cada paso de una visita, uno por uno. Pedimos a la plataforma sus claves, un permiso de servicio y las listas del último curso; no se guarda ni se cambia nada.',
  'connection.do': 'Probar ahora',
  'connection.again': 'Probar otra vez',
  'connection.good': 'Bien',
  'connection.bad': 'Hay que arreglarlo',
  'connection.waiting': 'Aún no se ha visto',
  'connection.done': 'Probado: {good} bien, {bad} por arreglar.',
  'connection.seen': 'Visto el {when}',
  'connection.missing': 'La última apertura no lo dijo todo',

  'platforms.title': 'Plataformas escolares',
  'platforms.link': 'Plataformas escolares: quién puede entrar y cómo conectar una',
  'platforms.fine': 'Todas las plataformas escolares están resueltas',
  'platforms.waiting': { one: '{n} instalación espera su decisión', other: '{n} instalaciones esperan su decisión' },
  'platforms.empty':
    'Todavía no hay ninguna plataforma escolar conectada. Cree un enlace de invitación aquí abajo, o escriba los valores a mano.',
  'platforms.active': 'Activada',
  'platforms.off': 'Desactivada: nadie entra desde aquí',
  'platforms.clientId': 'Id de cliente',
  'platforms.noDeployment': 'Nadie ha abierto aún la herramienta desde aquí. Una instalación aparece la primera vez que se abre.',
  'platforms.deployment.active': 'aceptada, vista por primera vez el {when}',
  'platforms.deployment.pending': 'espera desde el {when}, y no muestra datos hasta que usted la acepte',
  'platforms.deployment.refused': 'rechazada, vista por primera vez el {when}',
  'platforms.accept': 'Aceptar',
  'platforms.refuse': 'Rechazar',
  'platforms.acceptAgain': 'Aceptar de todos modos',
  'platforms.takeBack': 'Retirar y cerrar sus visitas abiertas',
  'platforms.switchOff': 'Desactivar y cerrar sus visitas abiertas',
  'platforms.switchOn': 'Activar',
  'platforms.trusts': 'Los parámetros personalizados pueden decir quién es cada persona',
  'platforms.trustsNot': 'Los parámetros personalizados no identifican a nadie',
  'platforms.trust.what':
    'Algunas plataformas solo dicen quién es una persona, o el hijo de una familia, en parámetros personalizados. En algunas, los maestros pueden escribir los parámetros de un enlace y podrían nombrar a cualquiera. Confíe en ellos solo si únicamente los administradores los escriben; la página de su plataforma en docs/platforms dice cómo es allí. Si retira la confianza, se cierran las visitas abiertas de esta plataforma, también la suya.',
  'platforms.trust': 'Solo los administradores los escriben: confiar',
  'platforms.distrust': 'Dejar de confiar y cerrar las visitas abiertas',
  'platforms.invite': 'Conectar una plataforma con un enlace',
  'platforms.invite.what':
    'Cree un enlace y péguelo donde su plataforma registra una herramienta por su dirección (registro dinámico). Conecta una plataforma, una sola vez. Canvas, Moodle, Brightspace y Blackboard pueden hacerlo.',
  'platforms.invite.do': 'Crear un enlace de invitación',
  'platforms.invite.another': 'Crear otro enlace',
  'platforms.invite.link': 'Enlace de invitación',
  'platforms.invite.until': 'Válido hasta el {when}. Solo se muestra ahora.',
  'platforms.byHand': 'Conectar una plataforma a mano',
  'platforms.byHand.what': 'Abra su plataforma para ver qué valor va en cada uno de sus campos.',
  'platforms.registers': 'Un enlace de invitación es más fácil. A mano se hace así.',
  'platforms.registersNot': 'Esta plataforma se conecta a mano.',
  'platforms.where.canvas':
    'Admin, Claves de desarrollador, añada una clave LTI; elija «Ingresar URL» y pegue la JSON URL. Los demás valores están en ella.',
  'platforms.where.moodle':
    'Administración del sitio, Extensiones, Herramienta externa, Gestionar herramientas, configurar una a mano; LTI 1.3, URL del conjunto de claves.',
  'platforms.where.brightspace':
    'Herramientas de administración, Gestionar extensibilidad, LTI Advantage, registrar una herramienta, estándar.',
  'platforms.where.blackboard':
    'El portal de desarrolladores, una vez para este servicio; después Administrador, proveedores de herramientas LTI, registrar con su id de cliente.',
  'platforms.where.schoology': 'Centro de aplicaciones, mis aplicaciones de desarrollador, añadir; tipo «LTI 1.3 App».',
  'platforms.after':
    'Después dé lo que muestra la plataforma (emisor, id de cliente, direcciones) a quien mantiene este servicio: «aptt platform add».',
} as const;
