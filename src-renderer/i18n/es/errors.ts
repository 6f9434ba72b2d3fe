import type { ErrorTexts } from '../catalog.ts'

export const errors: ErrorTexts = {
  'error.bad_request': 'Esa petición no encaja: {detail}.',
  'error.unknown_call': 'No existe una llamada con el nombre {name}.',
  'error.too_large': 'Es demasiado grande: {size} bytes, y el máximo es {limit}.',
  'error.forbidden_sender': 'Solo las ventanas de este programa pueden pedir eso.',
  'error.not_found': 'No hay ningún elemento ({what}) con el número {id}.',
  'error.voice_mismatch': 'Ese elemento ({what}) pertenece a otra identidad. No se cambió nada.',
  'error.conflict': '{detail}',
  'error.name_taken': 'El nombre {name} ya se usa. No se ha cambiado nada.',
  'error.query_invalid': 'La búsqueda no puede hacerse tal como está escrita ({detail}). No se ha hecho nada.',
  'error.cancelled': 'Cancelado. Lo que ya estaba guardado se conservó.',
  'error.disconnected':
    'La ventana perdió la conexión con la parte del programa que guarda la oficina. Se conecta de nuevo por sí sola; mire antes de repetir lo que hizo.',
  'error.internal': 'Algo falló dentro del programa: {detail}. No se ha perdido nada de lo guardado.',
  'error.office_locked': 'Esta oficina está abierta en otro proceso ({pid} en {host}). Ciérrela allí o use esa ventana.',
  'error.office_missing': 'No hay ninguna oficina en {dir}.',
  'error.office_from_future':
    'Esta oficina se abrió con una versión más reciente (formato {found}, este programa conoce {known}). No se ha tocado; actualice el programa.',
  'error.office_key': 'La clave de esta oficina no se pudo leer o no encaja. La oficina no se ha tocado.',
  'error.office_corrupt':
    'La base de datos de esta oficina está dañada. Se abrió solo para lectura; haga una copia ahora y restaure la última buena.',
  'error.read_only': 'Esta oficina está abierta solo para lectura. No se cambió nada.',
  'error.disk_full': 'El disco está lleno. Lo guardado antes está a salvo; haga sitio y seguirá por sí solo.',
  'error.database_busy':
    'Otro programa está usando la base de datos de esta oficina. No se cambió nada; cierre ese programa y reinténtelo.',
  'error.backup_invalid': 'Ese archivo no es una copia que esta oficina pueda leer. No se cambió nada.',
  'error.has_accounts': 'Esta oficina ya tiene cuentas propias, así que no se añadió la muestra. No se cambió nada.',
  'error.not_empty': 'Ya hay una oficina en {dir}. No se cambió nada; elija una carpeta vacía o use --force.',
  'error.login_failed': '{host} no aceptó el nombre de usuario o la contraseña.',
  'error.login_expired': 'La sesión en {host} ha terminado. Iníciela de nuevo; no se ha perdido nada.',
  'error.host_unknown': 'No hay ningún servidor llamado {host}. Compruebe el nombre.',
  'error.host_unreachable': '{host} no responde. Compruebe la red; lo que había llegado se conserva.',
  'error.connection_lost': 'La conexión con {host} se cerró. Lo que había llegado se conserva.',
  'error.timed_out': '{host} tardó demasiado en responder. Lo que había llegado se conserva.',
  'error.rate_limited': '{host} nos pidió esperar. Lo que había llegado se conserva.',
  'error.server_error': '{host} informó de un fallo propio: {detail}. Lo que había llegado se conserva.',
  'error.protocol': '{host} envió algo que no sigue las reglas: {detail}. Se omitió; lo demás continúa.',
  'error.tls_untrusted': 'El certificado de {host} no es de los que este equipo considera fiables (huella {fingerprint}).',
  'error.tls_expired': 'El certificado de {host} caducó el {date}. Avise a quien gestiona el servidor.',
  'error.tls_mismatch': 'El certificado de {host} es para otro nombre.',
  'error.tls_changed': 'El certificado de {host} no es el que se aceptó antes (ahora {fingerprint}).',
  'error.tls_missing': '{host} no ofrece cifrado, así que no se envió ninguna contraseña.',
  'error.feed_gone': 'El canal de {host} ha desaparecido para siempre. Lo que trajo antes se conserva.',
  'error.not_a_feed': 'No hay ningún canal en {url}, y su página no nombra ninguno.',
  'error.account_other': 'Ese acceso es de {found}, y esta cuenta es {expected}. No se cambió nada.',
  'error.server_elsewhere':
    '{host} remite a {to} en lugar de responder. No se envió nada allí; use esa dirección si sabe que es la correcta.',
  'error.not_a_server': '{host} responde, pero no como lo hace un servidor de {network}.',
  'error.send_refused': '{host} no lo aceptó: {detail}. No se envió nada.',
  'error.address_invalid': '{address} no es una dirección que se pueda usar.',
  'error.address_private':
    'Un servidor remitió a {host}, que está en una red privada y que nadie de la oficina indicó. No se le preguntó.',
  'error.secret_missing': 'La contraseña de esta cuenta no está en el llavero. Inicie sesión de nuevo.',
  'error.silence': 'No ha llegado nada desde {since}; lo habitual es que hubiera llegado algo. Compruebe la cuenta.',
  'error.files_only':
    'Esta cuenta guarda lo que se importa de archivos; todavía no hay nada que pedir a {network}. No se cambió nada.',
  'error.messages_left_out':
    'Se dejaron aparte mensajes que {host} no entrega: {count}, primero en {folder}. Todo lo demás está aquí; se volverán a pedir.',
  'error.attachment_unavailable': 'El archivo {name} no se puede obtener de {host}: {detail}. Lo que dice el mensaje está aquí.',
  'error.sending_not_set': '{address} no tiene servidor de envío. No se envió nada.',
  'error.sending_paced': 'Por {host} no salen más de {count} correos por minuto. Los demás siguen solos.',
  'error.mail_refused': '{host} rechazó el correo: {detail}. No se envió nada.',
  'error.mail_deferred': '{host} aún no acepta el correo: {detail}. No se envió nada; se intenta de nuevo solo.',
  'error.recipients_refused': '{host} no acepta correo para {addresses}: {detail}. El correo no se envió a nadie.',
  'error.address_unsupported':
    '{host} no puede llevar correo de o para {address}, cuyo nombre no está en letras simples. No se envió nada.',
  'error.mail_unconfirmed':
    '{host} recibió el correo, y la conexión se cortó antes de que lo confirmara. No se envía otra vez solo: si llegó, solo puede decirlo su destinatario.',
  'error.draft_changed':
    'Este borrador fue cambiado entretanto en otro lugar por {by}. No se perdió nada: lo que escribió sigue aquí y el otro texto se conserva.',
  'error.opted_out':
    '{number} pidió no recibir más SMS ({word}, {date}). No se ha enviado nada; se le podrá escribir cuando vuelva a pedirlos.',
  'error.number_invalid': '{number} no es un número de teléfono al que se pueda escribir. No se ha enviado nada.',
  'error.sent_unclear': '{host} tiene más de un mensaje que podría ser este. Compruebe allí si se envió, y dígalo aquí.',
  'error.inbox_missing':
    '{host} no entrega los SMS recibidos: la aplicación del teléfono es demasiado antigua. Se pueden enviar.',
  'error.port_taken':
    'Otro programa ocupa {host}. Allí no se puede entregar nada a esta cuenta; cierre ese programa o elija otro puerto.',
  'error.calendar_frozen':
    'El calendario de esta identidad ({period}) le impide publicar esto hasta {until}. No se envió nada; lo programado espera, y después solo sale si una persona lo dice.',
  'error.calendar_frozen_open':
    'El calendario de esta identidad ({period}) le impide publicar esto, y no indica un final. No se envió nada; lo programado espera a una persona.',
  'error.calendar_invalid': '{source} no es un calendario que se pueda leer. Línea {line}: {detail}. No se cambió nada.',
  'error.calendar_zone': '{source} nombra la zona horaria {zone}, que nadie conoce. No se cambió nada.',
  'error.calendar_too_many': '{source} tiene más de {limit} eventos, el máximo de un calendario. No se cambió nada.',
  'error.calendar_empty': 'Ningún evento de {source} tiene una palabra de su tabla de palabras. No se cambió nada.',
  'error.calendar_full': 'Una identidad tiene {limit} periodos como máximo. No se cambió nada; quite antes los antiguos.',
  'error.file_unreadable': 'No se pudo leer {path}: {detail}.',
  'error.file_unwritable': 'No se pudo escribir {path}: {detail}. Lo que había antes no ha cambiado.',
  'error.pack_invalid': 'El paquete de reglas {path} no se puede usar: {detail}. Los demás sí se usan.',
  'error.not_a_mailbox': '{path} no es un buzón del tipo indicado.',
  'error.export_unknown': '{path} no es una exportación de {network} que este programa conozca. No se importó nada.',
  'error.export_of_other': '{path} es la exportación de {found}, y esta cuenta es {expected}. No se importó nada.',
  'error.export_damaged': '{path} está dañado o incompleto ({detail}). Lo que ya se había importado se conserva.',
  'error.export_too_large': '{path}, descomprimido, ocuparía más que cualquier exportación ({detail}). No se importó nada.',
  'error.export_locked': '{path} está protegido con una contraseña. Descomprímalo e importe la carpeta.',
  'error.export_web_pages': '{path} contiene páginas web para mirar. Pida a {network} la misma exportación en JSON e impórtela.',
  'error.export_folder_used':
    'No se puede exportar a {dir}: la carpeta no está vacía, o ya se empezó allí otra exportación ({dir}.partial). No se ha cambiado nada; elija otra carpeta.',
  'error.export_disk_full':
    'No queda espacio para exportar a {dir}. Lo escrito se conserva: libere espacio y exporte de nuevo a la misma carpeta, y la exportación continuará.',
  'error.redactions_invalid': 'No se puede usar la censura descrita en {path}. Línea {line}: {detail}. No se ha exportado nada.',
  'error.outbox_state': 'Eso no es posible con un envío en este estado ({state}). No se cambió nada.',
  'error.outbox_unknown':
    'No se sabe si la red lo tiene, y no se le puede preguntar. Compruébelo allí y diga después si se envió o debe enviarse de nuevo.',
  'error.outbox_waited': 'Esperó demasiado tiempo una conexión. Se enviará cuando alguien lo confirme.',
  'error.outbox_before': 'La parte anterior no se envió; esta la espera.',
  'error.outbox_file_missing': 'El archivo {name} no está en esta oficina. Adjúntelo de nuevo. No se puso nada en cola.',
  'error.send_not_offered': 'Esta cuenta no lo permite ({what}). No se puso nada en cola.',
  'error.send_empty': 'No hay nada que enviar. No se puso nada en cola.',
  'error.send_too_long': 'El texto cuenta {count}, y {limit} es lo máximo aquí. No se puso nada en cola.',
  'error.send_too_many_files': '{count} archivos son demasiados: {limit} como máximo aquí. No se puso nada en cola.',
  'error.send_file_refused': 'El archivo {name} es de un tipo que aquí no se acepta ({type}). No se puso nada en cola.',
  'error.send_file_too_large': 'El archivo {name} tiene {size} bytes, y {limit} es lo máximo aquí. No se puso nada en cola.',
  'error.send_alt_too_long': 'La descripción de {name} cuenta {count}, y {limit} es lo máximo aquí. No se puso nada en cola.',
  'error.disposal_nothing': 'No hay nada que eliminar por ese motivo. No se propuso nada.',
  'error.disposal_same_person': 'Hacen falta dos personas: {by} lo propuso y no puede también aprobarlo. No se cambió nada.',
  'error.disposal_not_due':
    'Se puede llevar a cabo a partir del {date}, cuando una segunda persona lo haya aprobado. No se eliminó nada.',
  'error.label_scheduled':
    'Un plazo dice cuánto se conserva lo que lleva {name}. Cambie o elimine antes ese plazo. No se ha cambiado nada.',
  'error.disposal_closed': 'Eso no es posible con una eliminación en este estado ({state}). No se cambió nada.',
}
