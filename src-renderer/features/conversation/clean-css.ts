/** Values that reach outside of the message, or run something. Checked after the browser has resolved escapes. */
const REACHES_OUT =
  /url\s*\(|image-set\s*\(|image\s*\(|cross-fade\s*\(|element\s*\(|src\s*\(|expression\s*\(|javascript:|@import/i
/** Properties that move a message out of its place or hide what is real. */
const BANNED = /^(behavior|-moz-binding|-webkit-mask|mask|cursor|content|animation|transition)/

/** A declaration block without anything that loads, runs, or breaks out of place. Escapes are resolved by the browser first. */
export function cleanDeclarations(style: CSSStyleDeclaration): string {
  const kept: string[] = []
  for (const name of style) {
    const value = style.getPropertyValue(name)
    if (BANNED.test(name) || REACHES_OUT.test(value)) continue
    if (name === 'position' && (value === 'fixed' || value === 'sticky')) continue
    const important = style.getPropertyPriority(name) ? ' !important' : ''
    kept.push(`${name}: ${value}${important}`)
  }
  return escapeMarkup(kept.join('; '))
}

/** A `style` attribute, cleaned. */
export function cleanStyle(text: string): string {
  const probe = document.createElement('span')
  probe.style.cssText = text
  return cleanDeclarations(probe.style)
}

/**
 * A style sheet, cleaned: style rules and those inside `@media` and `@supports` stay; imports, fonts, key frames and
 * everything else go.
 */
export function cleanSheet(text: string): string {
  const sheet = new CSSStyleSheet()
  // Constructed sheets know no imports and complain of them on the console.
  sheet.replaceSync(text.replace(/@import[^;]*;?/gi, ''))
  return escapeMarkup(cleanRules(sheet.cssRules))
}

function cleanRules(rules: CSSRuleList): string {
  const kept: string[] = []
  for (const rule of rules) {
    if (rule instanceof CSSStyleRule) {
      const declarations = cleanDeclarations(rule.style)
      if (declarations) kept.push(`${rule.selectorText} { ${declarations} }`)
    } else if (rule instanceof CSSMediaRule) kept.push(`@media ${rule.conditionText} { ${cleanRules(rule.cssRules)} }`)
    else if (rule instanceof CSSSupportsRule) kept.push(`@supports ${rule.conditionText} { ${cleanRules(rule.cssRules)} }`)
  }
  return kept.join('\n')
}

/** A style sheet is raw text in HTML: a `<` in it could end it. */
function escapeMarkup(css: string): string {
  return css.replaceAll('<', '\\3c ')
}
