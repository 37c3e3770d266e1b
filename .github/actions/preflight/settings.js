// What a release reads from variables and secrets: one annotation for each that is missing or has another form than expected, with its remedy.
import process from 'node:process'

const { ENVIRONMENT = '', URL: url = '', VARIABLES = '{}', HAS_KUBE_CONFIG, GITHUB_REF_TYPE } = process.env
const variables = JSON.parse(VARIABLES)
const where = `Settings > Secrets and variables > Actions, or Settings > Environments > ${ENVIRONMENT}-automation`
const byDigest = /^[^\s@]+@sha256:[0-9a-f]{64}$/

const problems = [
  ...image('NODE_IMAGE', 'the builder image'),
  ...image('RUNTIME_IMAGE', 'the runtime image'),
  ...(variables.GUARD_IMAGE ? image('GUARD_IMAGE', 'the image of the dead-man’s switch') : []),
  ...(/^https?:\/\/[^\s/]+/.test(url)
    ? []
    : [
        `variable ${ENVIRONMENT.toUpperCase()}_URL: got ${shown(url)}, expected the public URL of the gateway. Set it: ${where}`,
      ]),
  ...(HAS_KUBE_CONFIG === 'true'
    ? []
    : [
        `secret KUBE_CONFIG: got nothing, expected the kubeconfig of the deployer (kubernetes/README.md makes it). Set it: ${where}`,
      ]),
  ...(GITHUB_REF_TYPE === 'tag'
    ? []
    : ['this run is not on a tag: choose the release under "Use workflow from", or push its tag']),
]
for (const problem of problems) console.log(`::error title=Preflight::${problem}`)
if (problems.length === 0) console.log('all variables and secrets are set')
process.exitCode = problems.length === 0 ? 0 : 1

function image(name, what) {
  const value = variables[name] ?? ''
  return byDigest.test(value)
    ? []
    : [
        `variable ${name}: got ${shown(value)}, expected ${what} as name@sha256:<64 hexadecimal digits>. Set it: ${where}`,
      ]
}

/** No text of a variable becomes a workflow command. */
function shown(value) {
  return value === '' ? 'nothing' : JSON.stringify(value.slice(0, 200)).replaceAll('%', '%25')
}
