/** Español para maestros: metas de seis semanas. */
import type { Message } from './catalogue.ts';
import type { goals as english } from './en-goals.ts';

export const goals: { readonly [K in keyof typeof english]: Message } = {
  'goals.title': 'Metas de seis semanas',
  'goals.what': 'Una meta para cada estudiante, para practicar en casa hasta la próxima junta de equipo.',
  'goals.go': 'Abrir las metas',
  'goals.have': { one: 'En marcha ahora: {count} de {n} estudiante.', other: 'En marcha ahora: {count} de {n} estudiantes.' },
  'goals.have.all': 'En todas las habilidades juntas.',
  'goals.answer': {
    one: 'Metas de seis semanas en marcha: {count} de {n} estudiante',
    other: 'Metas de seis semanas en marcha: {count} de {n} estudiantes',
  },
  'goals.met': { one: '{n} estudiante ya llegó.', other: '{n} estudiantes ya llegaron.' },
  'goals.past': { one: 'Para {n} estudiante ya pasó el día.', other: 'Para {n} estudiantes ya pasó el día.' },
  'goals.unscored': {
    one: '{n} estudiante aún no tiene nota, y por eso tampoco meta.',
    other: '{n} estudiantes aún no tienen nota, y por eso tampoco meta.',
  },
  'goals.none': 'Aquí aún no se puede fijar ninguna meta',
  'goals.none.do': 'Una meta necesita una evaluación que se repite, y una primera nota en ella. Las notas suelen llegar durante la noche.',
  'goals.skill': 'Habilidad',
  'goals.children': 'Los estudiantes',
  'goals.suggestions': 'Metas propuestas',
  'goals.suggestions.what':
    'Para el {day}. Cada una es lo que avanza en ese tiempo quien está en el nivel esperado, o lo que hace falta para llegar a él a fin de año. Usted y la familia deciden.',
  'goals.acceptAll': { one: 'Aceptar la única propuesta', other: 'Aceptar las {n} propuestas' },
  'goals.done': { one: 'Se fijó {n} meta.', other: 'Se fijaron {n} metas.' },
  'goals.changed': 'La meta cambió.',
  'goals.takenBack': { one: 'Se retiró {n} meta.', other: 'Se retiraron {n} metas.' },
  'goals.accept': 'Aceptar',
  'goals.own': 'Fijar otra',
  'goals.set': 'Fijar una meta',
  'goals.change': 'Cambiar',
  'goals.takeBack': 'Retirar',
  'goals.is': 'De {from} a {amount} para el {day}',
  'goals.suggested': 'Propuesta: de {from} a {amount}',
  'goals.stretch': 'Ya pasó el nivel esperado. Para ir más lejos: de {from} a {amount}',
  'goals.next': 'Está en {amount}: ya domina esta habilidad. Elija la siguiente, o fije una meta propia.',
  'goals.ownOnly': 'Está en {amount}. No se conoce un nivel esperado más adelante para proponer una meta.',
  'goals.noScore': 'Sin nota todavía; por eso aún no hay meta.',
  'goals.now': 'Ahora está en {amount}.',
  'goals.reached': 'Llegó el {day}',
  'goals.passed': 'Ya pasó su fecha',
  'goals.open': 'En camino',
  'goals.why': 'Motivo: {reason}',
  'goals.form': 'La meta de {name}',
  'goals.form.target': 'Meta ({unit})',
  'goals.form.due': 'Para el día',
  'goals.form.why': 'Motivo',
  'goals.form.why.help': 'Hace falta cuando no es la meta propuesta. El motivo queda en el historial de la meta.',
  'goals.form.save': 'Guardar la meta',
  'goals.sheets': 'Hojas de metas para imprimir',
  'goals.onPaper': 'En papel, esta página no lleva nombres. Las hojas de metas se imprimen desde su propia página.',

  'sheets.title': 'Hojas de metas',
  'sheets.answer': { one: '{n} hoja de meta para imprimir', other: '{n} hojas de metas para imprimir' },
  'sheets.what':
    'Una página por estudiante: la meta, casillas para los días de práctica y lugar para firmar. Cada página es solo para su familia.',
  'sheets.without': { one: '{n} estudiante aún no tiene meta.', other: '{n} estudiantes aún no tienen meta.' },

  'column.title': 'Libro de notas',
  'column.label': 'Mostrar «APTT goal met» en el libro de notas de {course}',
  'column.what':
    'Apagado mientras usted no lo encienda. {platform} tendrá entonces una columna más, «APTT goal met» (meta APTT lograda): un 1 por cada estudiante que llegó a una meta aquí, y nada para los demás. Los maestros del curso la ven entera; cada estudiante y su familia ven lo suyo. No se envía ninguna nota ni meta.',
  'column.counts': '{platform} puede contar la columna en la nota del curso. Si no debe contar, sáquela allí de la nota.',
  'column.notGranted': '{platform} no deja que esta herramienta escriba en su libro de notas',
  'column.notGranted.do':
    'Pida al equipo de informática del distrito que permita allí dos servicios más: columnas (line items) y notas (scores). La guía de su plataforma dice dónde. Luego abra esta página otra vez desde el curso.',
  'column.pending': 'Un momento: se le está avisando a {platform}.',
  'column.on': { one: '{n} estudiante tiene un 1 allí, al {when}.', other: '{n} estudiantes tienen un 1 allí, al {when}.' },
  'column.unknown': {
    one: 'No se encontró en ese curso a {n} estudiante que llegó a una meta.',
    other: 'No se encontró en ese curso a {n} estudiantes que llegaron a una meta.',
  },
  'column.failed': 'El último intento no salió',
  'column.failed.do':
    'Se intenta otra vez en su próxima visita y cada noche. Si sigue así, dé este código al equipo de informática del distrito: {code}. Está en el diario de aperturas.',
  'column.kept': 'Ya no se envía nada. La columna sigue en el libro de notas.',
  'column.remove': 'Quitar la columna',
  'column.remove.ask': '¿Quitar «APTT goal met» del libro de notas?',
  'column.remove.what': 'La columna y cada 1 que contiene se van de {platform}. Las metas de aquí quedan como están.',
  'column.removing': 'Se está quitando la columna de {platform}.',
  'column.course': 'este curso',

  'failure.grades_not_granted': 'Su plataforma aún no lo permite',
  'failure.grades_not_granted.do':
    'El equipo de informática del distrito tiene que permitir allí columnas y notas. Luego abra esta página otra vez desde el curso.',

  'failure.goal_exists': 'Este estudiante ya tiene una meta en esta habilidad',
  'failure.goal_exists.do': 'Quizá alguien acaba de fijarla. Cargue la página otra vez y luego cámbiela o retírela.',
  'failure.goal_impossible': 'Esta meta no puede ser',
  'failure.goal_impossible.do':
    'La meta tiene que ser más que la nota de ahora y estar en la escala. Su fecha, después de hoy y dentro de un año.',
  'failure.goal_reason_missing': 'Falta el motivo',
  'failure.goal_reason_missing.do': 'Diga en pocas palabras por qué no es la meta propuesta, o por qué cambia.',
};
