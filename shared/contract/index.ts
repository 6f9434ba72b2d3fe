export * from './archive.ts'
export * from './contract.ts'
export * from './history.ts'
export * from './limits.ts'
