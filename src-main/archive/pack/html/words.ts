/** What the page of a pack says, in the languages of the program. `{name}` marks a value. */
interface Words {
  title: string
  about: string
  query: string
  redactedCount: string
  derived: string
  search: string
  language: string
  searching: string
  found: string
  none: string
  foundSoFar: string
  shown: string
  more: string
  back: string
  newer: string
  older: string
  from: string
  to: string
  date: string
  captured: string
  kind: string
  version: string
  link: string
  file: string
  copy: string
  files: string
  record: string
  redacted: string
  redactedBy: string
  noSubject: string
  cut: string
  missing: string
}

const en: Words = {
  title: 'Evidence pack',
  about: 'Made on {date} by {who}: {count} messages.',
  query: 'Search: {query}',
  redactedCount: 'Redacted: {count}.',
  derived: 'This page is for reading. What can be proved are the files in data/records; open verify.html to check them.',
  search: 'Search senders, subjects and text',
  language: 'Language',
  searching: 'Searching: {done} of {all}',
  found: '{count} found.',
  none: 'Nothing found in {all} messages.',
  foundSoFar: 'The {count} newest that fit; there may be more.',
  shown: '{count} of {all} shown.',
  more: 'Show more',
  back: 'Back to the list',
  newer: 'Newer',
  older: 'Older',
  from: 'From',
  to: 'To',
  date: 'Date',
  captured: 'Captured',
  kind: 'Kind',
  version: 'Version {version} of {versions}',
  link: 'Address on the web',
  file: 'Proved by',
  copy: 'Redacted copy',
  files: 'Attachments',
  record: 'Record',
  redacted: 'Redacted',
  redactedBy: '{reason} ({by})',
  noSubject: '(no subject)',
  cut: 'The text goes on in the file named above.',
  missing: 'The file {path} of this pack could not be loaded.',
}

const fr: Words = {
  title: 'Dossier de preuves',
  about: 'Établi le {date} par {who} : {count} messages.',
  query: 'Recherche : {query}',
  redactedCount: 'Caviardés : {count}.',
  derived:
    'Cette page sert à lire. Ce qui peut être prouvé, ce sont les fichiers de data/records ; ouvrez verify.html pour les vérifier.',
  search: 'Chercher dans les expéditeurs, les objets et le texte',
  language: 'Langue',
  searching: 'Recherche : {done} sur {all}',
  found: '{count} trouvés.',
  none: 'Rien trouvé dans {all} messages.',
  foundSoFar: 'Les {count} plus récents qui conviennent ; il peut y en avoir d’autres.',
  shown: '{count} sur {all} affichés.',
  more: 'Afficher la suite',
  back: 'Retour à la liste',
  newer: 'Plus récent',
  older: 'Plus ancien',
  from: 'De',
  to: 'À',
  date: 'Date',
  captured: 'Capturé',
  kind: 'Nature',
  version: 'Version {version} sur {versions}',
  link: 'Adresse sur le web',
  file: 'Prouvé par',
  copy: 'Copie caviardée',
  files: 'Pièces jointes',
  record: 'Enregistrement',
  redacted: 'Caviardé',
  redactedBy: '{reason} ({by})',
  noSubject: '(sans objet)',
  cut: 'Le texte continue dans le fichier nommé ci-dessus.',
  missing: 'Le fichier {path} de ce dossier n’a pas pu être chargé.',
}

const es: Words = {
  title: 'Paquete de pruebas',
  about: 'Hecho el {date} por {who}: {count} mensajes.',
  query: 'Búsqueda: {query}',
  redactedCount: 'Censurados: {count}.',
  derived:
    'Esta página es para leer. Lo que puede probarse son los archivos de data/records; abra verify.html para comprobarlos.',
  search: 'Buscar en remitentes, asuntos y texto',
  language: 'Idioma',
  searching: 'Buscando: {done} de {all}',
  found: '{count} encontrados.',
  none: 'No se encontró nada en {all} mensajes.',
  foundSoFar: 'Los {count} más recientes que coinciden; puede haber más.',
  shown: 'Se muestran {count} de {all}.',
  more: 'Mostrar más',
  back: 'Volver a la lista',
  newer: 'Más reciente',
  older: 'Más antiguo',
  from: 'De',
  to: 'Para',
  date: 'Fecha',
  captured: 'Capturado',
  kind: 'Clase',
  version: 'Versión {version} de {versions}',
  link: 'Dirección en la web',
  file: 'Probado por',
  copy: 'Copia censurada',
  files: 'Adjuntos',
  record: 'Registro',
  redacted: 'Censurado',
  redactedBy: '{reason} ({by})',
  noSubject: '(sin asunto)',
  cut: 'El texto sigue en el archivo indicado arriba.',
  missing: 'No se pudo cargar el archivo {path} de este paquete.',
}

const ar: Words = {
  title: 'حزمة أدلة',
  about: 'أُعدّت في {date} بواسطة {who}: عدد الرسائل {count}.',
  query: 'البحث: {query}',
  redactedCount: 'المحجوبة: {count}.',
  derived: 'هذه الصفحة للقراءة. ما يمكن إثباته هو الملفات في data/records؛ افتح verify.html للتحقق منها.',
  search: 'ابحث في المرسلين والعناوين والنص',
  language: 'اللغة',
  searching: 'جارٍ البحث: {done} من {all}',
  found: 'عدد النتائج: {count}.',
  none: 'لم يُعثر على شيء في {all} من الرسائل.',
  foundSoFar: 'أحدث {count} من النتائج المطابقة؛ وقد يوجد غيرها.',
  shown: 'المعروض {count} من {all}.',
  more: 'عرض المزيد',
  back: 'العودة إلى القائمة',
  newer: 'أحدث',
  older: 'أقدم',
  from: 'من',
  to: 'إلى',
  date: 'التاريخ',
  captured: 'وقت الحفظ',
  kind: 'النوع',
  version: 'النسخة {version} من {versions}',
  link: 'العنوان على الويب',
  file: 'يُثبته',
  copy: 'نسخة محجوبة',
  files: 'المرفقات',
  record: 'السجل',
  redacted: 'محجوب',
  redactedBy: '{reason} ({by})',
  noSubject: '(بلا عنوان)',
  cut: 'تتمة النص في الملف المذكور أعلاه.',
  missing: 'تعذّر تحميل الملف {path} من هذه الحزمة.',
}

const names = { en: 'English', fr: 'Français', es: 'Español', ar: 'العربية' }

/** The words as a script of the page. */
export const pageWords = `const packNames = ${JSON.stringify(names)}\nconst packWords = ${JSON.stringify({ en, fr, es, ar }, null, 1)}\n`
