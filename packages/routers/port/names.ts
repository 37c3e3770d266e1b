export const canaryName = (deployment: string) => `${deployment}-canary`

export const podHash = 'pod-template-hash'
