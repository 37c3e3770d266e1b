/** The repository of an image's name, without tag and digest; a registry's port is not a tag. Docker's short names are written out. */
export function repositoryOf(image: string): string {
  const name = image.split('@')[0] ?? ''
  const colon = name.lastIndexOf(':')
  const repository = colon > name.lastIndexOf('/') ? name.slice(0, colon) : name
  const [first = '', ...rest] = repository.split('/')
  const isHost = rest.length > 0 && /[.:]|^localhost$/.test(first)
  if (isHost) return repository.replace(/^index\.docker\.io\//, 'docker.io/')
  return `docker.io/${rest.length === 0 ? 'library/' : ''}${repository}`
}
