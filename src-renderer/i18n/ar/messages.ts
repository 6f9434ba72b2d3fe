import type { MessageTexts } from '../catalog.ts'

export const messages: MessageTexts = {
  'conversation.none': 'لا محادثة مفتوحة',
  'conversation.none.text': 'اختر محادثة من القائمة، أو اضغط J للأولى. علامة الاستفهام تُظهر كل الاختصارات.',
  'conversation.failed': 'تعذّرت قراءة المحادثة',
  'conversation.older':
    '{count, plural, zero {لا رسائل أقدم.} one {رسالة أقدم لا تظهر هنا؛ يجدها البحث.} two {رسالتان أقدم لا تظهران هنا؛ يجدهما البحث.} few {# رسائل أقدم لا تظهر هنا؛ يجدها البحث.} many {# رسالة أقدم لا تظهر هنا؛ يجدها البحث.} other {# رسالة أقدم لا تظهر هنا؛ يجدها البحث.}}',
  'message.ours': 'أنت',
  'message.to': 'إلى',
  'message.moreRecipients':
    '{count, plural, zero {ولا أحد غيرهم} one {وواحد غيرهم} two {واثنان غيرهم} few {و# غيرهم} many {و# غيرهم} other {و# غيرهم}}',
  'message.more': 'المزيد لهذه الرسالة',
  'message.deleted': 'تبيّن حذفها من مصدرها في {at}. حُفظت هذه النسخة.',
  'message.deletedTag': 'حُذفت من مصدرها',
  'message.edited':
    'عُدّلت في مصدرها. {count, plural, zero {لم تُحفظ نسخ} one {حُفظت نسخة واحدة} two {حُفظت نسختان} few {حُفظت # نسخ} many {حُفظت # نسخة} other {حُفظت # نسخة}}؛ وهذه أحدثها.',
  'message.damaged': 'أجزاء من هذه الرسالة تالفة. يظهر ما أمكنت قراءته؛ والأصل تحت «المصدر الأصلي».',
  'message.empty': 'ليس في هذه الرسالة نص.',
  'message.frame': 'رسالة من {from}',
  'message.held':
    '{count, plural, zero {لا صور محجوبة.} one {صورة واحدة من الويب لا تظهر، كي لا يعلم المرسل أنك قرأت هذا.} two {صورتان من الويب لا تظهران، كي لا يعلم المرسل أنك قرأت هذا.} few {# صور من الويب لا تظهر، كي لا يعلم المرسل أنك قرأت هذا.} many {# صورة من الويب لا تظهر، كي لا يعلم المرسل أنك قرأت هذا.} other {# صورة من الويب لا تظهر، كي لا يعلم المرسل أنك قرأت هذا.}}',
  'message.showRemote': 'إظهار الصور البعيدة',
  'message.quoted': 'نص مقتبس',
  'message.source': 'المصدر الأصلي',
  'message.visit': 'فتح على الويب',
  'source.save': 'حفظ الأصل',
  'source.cut': 'أول {shown} من {size}',
  'copy.address': 'نسخ عنوان المرسل',
  'copy.text': 'نسخ النص',
  'copy.link': 'نسخ الرابط',
  'copy.done': 'نُسخ',
  'copy.failed': 'تعذّر النسخ',
  'attachment.list':
    '{count, plural, zero {لا مرفقات} one {مرفق واحد} two {مرفقان} few {# مرفقات} many {# مرفقًا} other {# مرفق}}',
  'attachment.more':
    '{count, plural, zero {لا مزيد} one {إظهار مرفق آخر} two {إظهار مرفقين آخرين} few {إظهار # مرفقات أخرى} many {إظهار # مرفقًا آخر} other {إظهار # مرفق آخر}}',
  'attachment.unnamed': 'مرفق بلا اسم',
  'attachment.open': 'فتح {name}',
  'attachment.save': 'حفظ {name}',
  'attachment.preview': 'عرض {name}',
  'voice.institutional': 'مؤسسة',
  'voice.institutional.text': 'تتحدث باسم البرلمان كله، دون انحياز.',
  'voice.mandate': 'نيابية',
  'voice.mandate.text': 'تتحدث باسم عضو واحد بصفته ممثلًا منتخبًا.',
  'voice.personal': 'شخصية أو حزبية',
  'voice.personal.text': 'تتحدث باسم شخص أو حزب أو حملة. تبقى منفصلة عن الأخريين.',
  'phase.connecting': 'جارٍ الاتصال',
  'phase.backfilling': 'المزامنة الأولى جارية',
  'phase.live': 'محدّث',
  'phase.retrying': 'تجري إعادة المحاولة',
  'phase.needs_login': 'يلزم تسجيل الدخول',
  'phase.paused': 'متوقف مؤقتًا',
  'health.signIn': 'تسجيل الدخول',
  'health.pause': 'إيقاف مؤقت',
  'health.resume': 'استئناف',
  'health.nextTry': 'المحاولة القادمة في {time}.',
  'warning.key_in_file':
    'مفتاح هذا المكتب في ملف على هذا الحاسوب، إذ لم توجد سلسلة مفاتيح. من يستطيع قراءة ملفاتك يستطيع قراءة هذا المكتب.',
  'warning.corrupt':
    'قاعدة بيانات هذا المكتب تالفة. فُتحت للقراءة فقط: اصنع نسخة احتياطية الآن من الإعدادات، واستعد آخر نسخة سليمة.',
  'warning.disk_full': 'القرص ممتلئ. ما حُفظ من قبل سليم؛ أفسح مكانًا فيُستأنف العمل من تلقاء نفسه.',
  'warning.clock_jumped': 'قفزت ساعة هذا الحاسوب. تحقق من صحة الوقت.',
}
