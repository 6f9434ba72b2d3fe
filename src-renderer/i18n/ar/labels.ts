import type { LabelTexts } from '../catalog.ts'

export const labels: LabelTexts = {
  'command.label': 'وسم',
  'command.note': 'كتابة ملاحظة',
  'toolbar.label': 'وسم',
  'row.notes':
    '{count, plural, zero {لا ملاحظات} one {ملاحظة واحدة} two {ملاحظتان} few {# ملاحظات} many {# ملاحظة} other {# ملاحظة}}',
  'empty.label': 'لا شيء هنا يحمل هذا الوسم',
  'empty.label.text': 'افتح محادثة واضغط L لتضع عليها وسماً أو موضوعاً.',
  'label.title':
    '{count, plural, zero {وسم المحادثات} one {وسم هذه المحادثة} two {وسم محادثتين} few {وسم # محادثات} many {وسم # محادثة} other {وسم # محادثة}}',
  'label.find': 'ابحث عن وسم أو موضوع أو أنشئ جديداً',
  'label.none': 'اكتب اسماً لإنشاء الأول',
  'label.whose': 'وسوم أي هوية',
  'label.some': 'على {count}',
  'label.make.label': 'إنشاء الوسم «{name}»',
  'label.make.topic': 'إنشاء الموضوع «{name}»',
  'label.kind': 'النوع',
  'label.kind.label': 'وسم',
  'label.kind.topic': 'موضوع',
  'label.kind.text': 'الوسم يقول كيف يتعامل المكتب مع محادثة، والموضوع عمّ تتحدث.',
  'label.wasPut':
    '{count, plural, zero {لم يوسم شيء} one {وُسمت «{name}»} two {وُسمت محادثتان «{name}»} few {وُسمت # محادثات «{name}»} many {وُسمت # محادثة «{name}»} other {وُسمت # محادثة «{name}»}}',
  'label.wasTaken':
    '{count, plural, zero {لم يُرفع شيء} one {رُفع «{name}»} two {رُفع «{name}» عن محادثتين} few {رُفع «{name}» عن # محادثات} many {رُفع «{name}» عن # محادثة} other {رُفع «{name}» عن # محادثة}}',
  'label.merged': '«{name}» صار «{into}»',
  'label.removed': 'أُزيل «{name}»',
  'label.ofConversation': 'الوسوم والموضوعات',
  'label.of': 'وسوم وموضوعات {name}',
  'label.more': 'وسوم أخرى',
  'label.settings': 'الوسوم والموضوعات',
  'label.settings.text': 'لكل هوية وسومها. أسماؤها كلمات المكتب: لا تسمِّ فيها أحداً قد يطلب أن يُنسى.',
  'label.noneYet': 'لا يوجد شيء بعد.',
  'label.uses':
    '{count, plural, zero {على لا شيء} one {على محادثة واحدة} two {على محادثتين} few {على # محادثات} many {على # محادثة} other {على # محادثة}}',
  'label.add': 'إنشاء وسم أو موضوع',
  'label.name': 'الاسم',
  'label.edit': 'تغيير',
  'label.editNamed': 'تغيير {name}',
  'label.merge': 'دمج',
  'label.mergeNamed': 'دمج {name} في آخر',
  'label.merge.into': 'في',
  'label.merge.text':
    '{count, plural, zero {لا محادثة تحمل {name}.} one {محادثة واحدة تحمل {name}.} two {محادثتان تحملان {name}.} few {# محادثات تحمل {name}.} many {# محادثة تحمل {name}.} other {# محادثة تحمل {name}.}} تأخذ الآخر بدلاً منه، ويُزال {name}.',
  'label.remove': 'إزالة',
  'label.removeNamed': 'إزالة {name}',
  'label.remove.text':
    '{count, plural, zero {لا محادثة تحمله.} one {يُرفع عن محادثة واحدة.} two {يُرفع عن محادثتين.} few {يُرفع عن # محادثات.} many {يُرفع عن # محادثة.} other {يُرفع عن # محادثة.}} تبقى المحادثات.',
  'note.title': 'ملاحظات',
  'note.inside': 'تبقى في المكتب ولا تُرسل أبداً',
  'note.label': 'ملاحظة للزملاء',
  'note.add': 'حفظ الملاحظة',
  'note.added': 'حُفظت الملاحظة',
  'note.changed': 'تغيّرت الملاحظة',
  'note.edited': 'معدّلة',
  'note.withdraw': 'سحب',
  'note.wasWithdrawn': 'سُحبت الملاحظة',
  'note.withdrawn': 'سُحبت هذه الملاحظة.',
  'note.earlier':
    '{count, plural, zero {لا صياغات سابقة} one {صياغة سابقة واحدة} two {صياغتان سابقتان} few {# صياغات سابقة} many {# صياغة سابقة} other {# صياغة سابقة}}',
  'note.keys': 'Ctrl+Enter يحفظها',
}
