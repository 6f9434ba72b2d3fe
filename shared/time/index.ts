export * from './zone.ts'
