// As buildx 0.37.2 wrote them with --progress=plain, shortened.

export const failedTest = `#0 building with "lab" instance using remote driver
#6 [deps 2/2] COPY app.sh /app/app.sh
#6 CACHED
#7 [test 1/1] RUN echo one &&     FAIL=3 sh /app/app.sh
#7 0.106 one
#7 0.109 not ok 1 - adds at /app/add.test.js:12
#7 ERROR: process "/bin/sh -c echo one &&     FAIL=3 sh /app/app.sh" did not complete successfully: exit code: 3
------
 > [test 1/1] RUN echo one &&     FAIL=3 sh /app/app.sh:
0.106 one
0.109 not ok 1 - adds at /app/add.test.js:12
------
Dockerfile:5
--------------------
   4 |     FROM deps AS test
   5 | >>> RUN echo one && \\
   6 | >>>     FAIL=3 sh /app/app.sh
--------------------
ERROR: failed to build: failed to solve: process "/bin/sh -c echo one &&     FAIL=3 sh /app/app.sh" did not complete successfully: exit code: 3
`

export const failedInstall = `#9 [deps 3/3] RUN ["npm", "ci"]
#9 61.20 npm error code ECONNRESET
#9 61.20 npm error network aborted
#9 ERROR: process "npm ci" did not complete successfully: exit code: 1
#8 [tools 1/2] RUN true
#8 ERROR: process "true" did not complete successfully: context canceled: context canceled
------
 > [deps 3/3] RUN ["npm", "ci"]:
61.20 npm error code ECONNRESET
------
Dockerfile:7
--------------------
   7 | >>> RUN ["npm", "ci"]
--------------------
ERROR: failed to build: failed to solve: process "npm ci" did not complete successfully: exit code: 1
`

export const failedCache = `#9 exporting cache to registry
#9 writing layer sha256:f08d5d5c done
#9 ERROR: error writing layer blob: failed to do request: Head "http://127.0.0.1:1/v2/x/blobs/sha256:f08d5d5c": dial tcp 127.0.0.1:1: connect: connection refused
------
 > importing cache manifest from 127.0.0.1:1/x:cache:
------
------
 > exporting cache to registry:
------
ERROR: failed to build: failed to solve: error writing layer blob: failed to do request: Head "http://127.0.0.1:1/v2/x/blobs/sha256:f08d5d5c": dial tcp 127.0.0.1:1: connect: connection refused
`

export const busyRegistry = `#2 [internal] load metadata for docker.io/library/node:24
#2 ERROR: unexpected status from HEAD request to https://registry-1.docker.io/v2/library/node/manifests/24: 429 Too Many Requests
------
 > [internal] load metadata for docker.io/library/node:24:
------
Dockerfile:1
--------------------
   1 | >>> FROM node:24
--------------------
ERROR: failed to build: failed to solve: node:24: failed to resolve source metadata for docker.io/library/node:24: unexpected status from HEAD request to https://registry-1.docker.io/v2/library/node/manifests/24: 429 Too Many Requests
`

export const unknownBase = `#2 [internal] load metadata for 127.0.0.1:5066/nope:1
#2 ERROR: 127.0.0.1:5066/nope:1: not found
ERROR: failed to build: failed to solve: 127.0.0.1:5066/nope:1: failed to resolve source metadata for 127.0.0.1:5066/nope:1: not found
`
