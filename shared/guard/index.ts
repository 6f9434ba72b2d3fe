/**
 * The guard: what in a draft should not leave, or not without a reason. `builtInGuard()` or `new Guard(packs)` once, then
 * `guard.check(draft)` for each draft and `guard.sentenceOf(finding.why, language)` for what is shown. Packs of an office come from
 * `#voices/guard/packs.ts`.
 */
export * from './guard.ts'
export * from './model.ts'
export { type PackFault, type ReadPack, readPack } from './pack.ts'
export { builtInPacks } from './packs/index.ts'
