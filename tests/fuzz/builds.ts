// Dockerfiles, what a builder prints, and the rules for tags.
import fc from 'fast-check'
import { describeError, readBuildError } from '../../actions/build-image/src/buildx/build-log.ts'
import { isCacheFault, isTransientError } from '../../actions/build-image/src/buildx/faults.ts'
import { parseDockerfile } from '../../actions/build-image/src/dockerfile/dockerfile.ts'
import { readConfig } from '../../actions/build-image/src/image.ts'
import { judgeBefore, judgeBuilt, judgeRefused } from '../../actions/build-image/src/practice/practice.ts'
import {
  busyRegistry,
  failedCache,
  failedInstall,
  failedTest,
} from '../../actions/build-image/src/testing/logs.ts'
import { decideTag } from '../../actions/push-image/src/tags/tag-plan.ts'
import { parseRules } from '../../actions/push-image/src/tags/tag-rules.ts'
import { wantedTags } from '../../actions/push-image/src/tags/wanted-tags.ts'
import { digestOf, isTag } from '@alt-las/registry'
import { must, tried, type Target } from './harness.ts'
import { image } from './image.ts'
import { mutatedJson } from './mutate-json.ts'
import { mutatedTexts } from './mutate-text.ts'
import { oddText } from './odd.ts'

const dockerfiles = [
  `# syntax=docker/dockerfile:1
ARG NODE=24
FROM --platform=$BUILDPLATFORM node:\${NODE:-22}@sha256:${'a'.repeat(64)} AS deps
WORKDIR /app
COPY package*.json ./
RUN --mount=type=secret,id=npm npm ci && \\
    # a comment
    npm cache clean
FROM deps AS test
ENV A="b c" D=\${A:+x}
RUN node --test
FROM gcr.io/distroless/nodejs AS final
COPY --from=deps --chown=1:1 /app /app
USER "65532:65532"
HEALTHCHECK CMD ["node", "health.js"]
ENTRYPOINT ["node", "main.js"]
`,
  'FROM scratch\nRUN <<-EOF\n\techo a\n\tUSER root\n\tEOF\nCOPY <<"A" <<B /\n1\nA\n2\nB\nUSER 1\n',
  '# escape=`\nFROM a\nRUN b `\n c\nADD https://x/y /z\nENV TOKEN ghp_abcdef\n',
]
const dockerWords = [
  ...['FROM ', 'AS ', 'RUN ', 'COPY ', 'ADD ', 'ENV ', 'ARG ', 'USER ', 'ONBUILD ', 'HEALTHCHECK ', 'SHELL '],
  ...[
    '--from=',
    '--mount=',
    '--platform=',
    '<<EOF\n',
    'EOF\n',
    '\\\n',
    '`\n',
    '"',
    "'",
    '$',
    '${',
    '}',
    ':-',
    ':+',
    '[',
    ']',
    '=',
    '#',
    'a',
  ],
]
const options = {
  buildArgs: new Map([['NODE', '20']]),
  contexts: new Map([['ctx', 'docker-image://x']]),
  target: null,
  testTarget: 'test',
  builderPlatform: 'linux/amd64',
}
const platforms = ['linux/amd64', 'linux/arm64/v8']

const ruleLines = [
  'type=semver,pattern={{version}}\ntype=semver,pattern={{major}}.{{minor}},prefix=v',
  'type=ref,event=branch\ntype=sha,format=long\nlatest',
  "type=schedule,pattern={{date 'YYYYMMDD'}}-{{sha}}\ntype=raw,value={{branch}},enable=true,suffix=-x",
]
const ruleWords = [
  'type=',
  'semver',
  'raw',
  'ref',
  'sha',
  'pattern=',
  'value=',
  'prefix=',
  '{{',
  '}}',
  'major',
  'version',
  'raw',
  'date ',
  "'",
  '"',
  ',',
  '=',
  'enable=true',
]

export const builds: readonly Target[] = [
  tried({
    name: 'Dockerfiles',
    inputs: mutatedTexts(dockerfiles, dockerWords),
    read: (text) => {
      const dockerfile = parseDockerfile(text)
      judgeBefore(dockerfile, options, platforms)
      judgeRefused(dockerfile, options, [])
    },
  }),
  tried({
    name: 'image configurations',
    inputs: fc.tuple(mutatedJson([image.config]), fc.constantFrom(...dockerfiles)),
    read: ([blob, text]) => {
      if (typeof blob !== 'object' || blob === null || Array.isArray(blob)) return
      const config = readConfig(blob as Record<string, unknown>)
      const dockerfile = parseDockerfile(text)
      const userId = { kind: 'unknown', because: 'it is not there' } as const
      const built = { platform: 'linux/amd64', digest: '', size: 0, layers: [], config, userId }
      judgeBuilt(dockerfile, options, [built])
    },
  }),
  tried({
    name: 'build logs',
    inputs: mutatedTexts(
      [failedTest, failedInstall, failedCache, busyRegistry],
      [
        '#7 ',
        'ERROR: ',
        '#7 ERROR: ',
        '0.1 ',
        '[test 1/1] ',
        '------\n',
        '--------------------\n',
        'Dockerfile:5\n',
        'failed to solve: ',
        'process "',
        'unexpected status ',
        ': context canceled',
      ],
    ),
    read: (log) => {
      const error = readBuildError(log)
      must(error.line === null || Number.isFinite(error.line), `line ${error.line}`)
      isTransientError(error)
      isCacheFault(error)
      describeError(error, 'Dockerfile')
    },
  }),
  tried({
    name: 'tag rules',
    inputs: fc.tuple(
      mutatedTexts(ruleLines, ruleWords),
      fc.oneof(fc.constantFrom('refs/tags/v1.2.3', 'refs/heads/a/b', 'refs/pull/7/merge'), oddText),
    ),
    refusal: 'error',
    read: ([text, ref]) => {
      const context = { ref, sha: 'c0ffee00'.repeat(5), now: 0, eventName: 'push' }
      for (const wanted of wantedTags(parseRules(text), context)) {
        must(isTag(wanted.tag), `${JSON.stringify(wanted.tag)} is no tag`)
        const state = { digest: digestOf('a'), current: digestOf('b'), isImmutable: () => false, was: null }
        const { kind } = decideTag(wanted, { ...state, existing: ['v999999.0.0', '999999.0.0'] })
        must(wanted.tag !== 'latest' || kind !== 'move' || wanted.floats === null, 'latest moves back')
      }
    },
  }),
]
