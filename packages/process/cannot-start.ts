import { Failure } from '@alt-las/failure'

/** `command-not-found` where the command is not on PATH, else `command-not-started`. */
export function cannotStart(command: string, error: Error): Failure {
  const missing = ('code' in error && error.code === 'ENOENT') || error.message.startsWith('Unable to locate')
  return missing
    ? new Failure('command-not-found', `${command} is not on PATH`, {
        fault: 'outside',
        hint: `install ${command} on the runner`,
        cause: error,
      })
    : new Failure('command-not-started', `cannot start ${command}`, { fault: 'outside', cause: error })
}
