import { type Label, LabelColor } from '#shared/model/index.ts'

/** The colour that the fewest labels have. */
export function nextColor(labels: readonly Pick<Label, 'color'>[]): LabelColor {
  const uses = (color: LabelColor) => labels.filter((label) => label.color === color).length
  return LabelColor.options.reduce((best, color) => (uses(color) < uses(best) ? color : best))
}
