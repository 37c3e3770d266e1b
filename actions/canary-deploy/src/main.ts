import { parseApiTests } from '@alt-las/api-tests'
import { pushedImageAt, releasedImagesAt } from '@alt-las/outcome'
import { chooseService, keepForPost, readEnvironment, runAction, textAt, wholeRelease } from '@alt-las/runner'
import { kubeconfigSecrets } from '@alt-las/secrets'
import { canaryDeploy } from './canary-deploy.ts'
import { connected } from './connected.ts'
import { parse } from './inputs.ts'
import { keepDraft } from './operations/keep-draft.ts'
import { unfinishedTargets } from './operations/unfinished-targets.ts'
import { outputsOf, summarize } from './summary/summary.ts'
import { peerInputs } from './peer-inputs.ts'

const { workspace } = readEnvironment()

const unfinished = unfinishedTargets((text) => {
  keepForPost('left', text)
})

await runAction({
  name: 'canary-deploy',
  secrets: [
    { name: 'kubeconfig', valuesIn: kubeconfigSecrets },
    'metrics-token',
    'registry-password',
    'github-token',
  ],
  peerInputs,
  parse: (read) =>
    parse(
      read,
      {
        imageAt: (path) => pushedImageAt(path, workspace).image,
        smokeAt: (path) => parseApiTests(textAt(path, workspace), path),
        textAt: (path) => textAt(path, workspace),
      },
      {
        textAt: (path) => textAt(path, workspace),
        imagesAt: (pattern) => releasedImagesAt(pattern, workspace),
      },
    ),
  serviceOf: (inputs) =>
    'targets' in inputs
      ? wholeRelease
      : chooseService(inputs.operation === 'deploy' ? inputs : { deployment: inputs.deployment }),
  run: (inputs, { interrupted, draft }) =>
    connected(inputs, { interrupted, environment: process.env }, (ports) =>
      keepDraft(inputs.operation, draft, (follow) => canaryDeploy(inputs, { ...ports, unfinished, follow })),
    ),
  outputsOf,
  summarize,
})
