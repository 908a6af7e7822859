import { createHmac } from 'node:crypto';

/** Standard Webhooks: `v1,` and the base64 of HMAC-SHA-256 over `id.timestamp.body`, one for each secret. */
export function signatures(secrets: readonly Uint8Array[], id: string, timestamp: number, body: string): string {
  const sign = (secret: Uint8Array) =>
    createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
  return secrets.map((secret) => `v1,${sign(secret)}`).join(' ');
}

export function secretText(secret: Uint8Array): string {
  return `whsec_${Buffer.from(secret).toString('base64')}`;
}
