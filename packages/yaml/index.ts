// YAML of strangers as JSON values, in bounded time and memory: the only package that imports the library `yaml`.
export { readYaml, type Dialect, type YamlDocument, type YamlText } from './read-yaml.ts'
export { readOneYaml } from './read-one.ts'
export { type YamlMistake } from './limits.ts'
export { notJson } from './not-json.ts'
