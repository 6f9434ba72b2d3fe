import type { Topic } from './topic.ts'

export const constituentsEs: Topic[] = [
  {
    subjects: ['Subida del alquiler en {street}', 'Nos quieren echar del piso', 'Consulta sobre el contrato de alquiler'],
    paragraphs: [
      [
        'Vivimos en {street}, {town}, desde hace {years} años. El nuevo dueño nos ha comunicado una subida de casi el doble a partir de {month}.',
        'Somos {count} familias del mismo edificio. A todas nos ha llegado la misma carta: o firmamos el contrato nuevo o nos vamos antes del día {day}.',
      ],
      [
        'He leído la ley y creo que no puede hacerlo, pero el administrador dice que aquí no se aplica.',
        'Mi madre tiene {age} años y no duerme desde que llegó la carta.',
      ],
      ['¿Podrían decirnos a quién acudir?', 'Le agradecería que alguien mirase el contrato. Lo adjunto.'],
    ],
    replies: [
      'Gracias por escribirnos. La ley sí se aplica: la subida no puede pasar del índice anual mientras dure el contrato. La oficina de vivienda tiene un abogado los martes y jueves; les hemos pedido cita para el jueves a las diez. No firmen nada hasta entonces.\n\nSi llega otra carta, mándennos una foto el mismo día.',
    ],
    thanks: [
      'Fuimos todas las familias juntas. El abogado dice lo mismo que ustedes. ¡Gracias!',
      'Ha llegado otra carta, la adjunto como nos pidieron.',
    ],
    enclosure: 'form',
  },
  {
    subjects: ['Lista de espera del centro de salud', 'Mi hijo espera al especialista desde {month}', 'Cita médica {ref}'],
    paragraphs: [
      [
        'Mi hijo tiene {youngAge} años y espera la cita con el especialista desde {month}. Cada vez que llamo me dicen que “aún no ha salido”.',
        'En {town} no hay pediatra desde hace {weeks} semanas. La enfermera hace lo que puede.',
      ],
      ['El número de la solicitud es {ref}.', 'Nos mandan a Port Aldane, pero el barco de la tarde ya no nos sirve para volver.'],
      ['Le pido, por favor, que pregunte por nosotros.', 'Cualquier ayuda será bienvenida. Mi teléfono es {phone}.'],
    ],
    replies: [
      'Sentimos mucho la espera. Hemos preguntado al hospital por la solicitud {ref}: estaba parada por un dato que faltaba y ya está corregida. Le llamarán esta semana; si el viernes no lo han hecho, avísenos.',
    ],
    thanks: [
      'Nos han llamado: el martes a las nueve. No sé cómo agradecérselo.',
      'Es viernes y no ha llamado nadie. Se lo digo como quedamos.',
    ],
  },
  {
    subjects: ['Becas para el instituto', 'Transporte escolar desde {town}', 'Convalidación del título {ref}'],
    paragraphs: [
      [
        'Soy enfermera y llegué a {town} hace {years} años. Mi título sigue en trámite con el número {ref} y, mientras tanto, limpio habitaciones.',
        'El autobús del instituto ya no para en {town}. Los chicos salen de casa a las seis.',
      ],
      [
        'Sé que faltan enfermeras: lo leo en los carteles del hospital que limpio.',
        'Hemos recogido {count} firmas y se las podemos llevar cuando diga.',
      ],
      ['¿Hay alguna manera de saber en qué punto está?', 'Esperamos su respuesta con ilusión.'],
    ],
    replies: [
      'Su carta me ha hecho pensar, y la he citado, sin su nombre, en la comisión de Sanidad. El expediente {ref} está pendiente de un informe; nos dan cuatro semanas. Mientras tanto puede pedir la autorización provisional: le adjuntamos cómo.',
    ],
    thanks: [
      '¡Tengo la autorización provisional! Empiezo el lunes en la planta de medicina.',
      'Gracias por leernos. Las firmas van en el sobre que dejamos en su oficina.',
    ],
  },
  {
    subjects: ['Fiestas del Faro: invitación', 'Invitación de la asociación de vecinos', 'Comida de las salineras'],
    paragraphs: [
      [
        'La asociación de vecinos de {town} la invita a la comida de las Fiestas del Faro, el día {day} a las dos.',
        'Como cada año, las salineras de {town} preparamos arroz para {count} personas, y nos gustaría contar con usted.',
      ],
      ['No hace falta que dé ningún discurso; casi se lo agradeceríamos.', 'Habrá música y, si el viento lo permite, regata.'],
      ['Confírmenos si puede, por favor, para poner un plato más.', 'La esperamos.'],
    ],
    replies: [
      '¡Con mucho gusto! Llegaré en el barco de la una y prometo no dar ningún discurso. ¿Puedo llevar el postre?',
      'Me encantaría, pero ese día hay pleno y no llego al barco. ¿Me permiten pasar el domingo a saludar y a probar lo que haya sobrado?',
    ],
    thanks: ['Estupendo. El postre siempre es bienvenido.', 'De lo que sobra nunca sobra nada, pero le guardaremos un plato.'],
    enclosure: 'seaside',
  },
]
