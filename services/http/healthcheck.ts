export {}

// Run by the image's HEALTHCHECK, since there is no shell and no curl: exit code 0 when /healthz answers 200.
const healthy = await fetch(`http://127.0.0.1:${process.env['PORT'] ?? '8080'}/healthz`, {
  signal: AbortSignal.timeout(2000),
}).then(
  (response) => response.status === 200,
  () => false,
)
process.exit(healthy ? 0 : 1)
