import { describeCode } from '@yaolian/coap';
import { formatDuration } from '@yaolian/kernel';
import type { ClientEvent, FailureReason } from '@yaolian/lwm2m/client';

/** One line that tells a person what happened; undefined for what is not worth one. */
export function narrate(event: ClientEvent): string | undefined {
  switch (event.type) {
    case 'bootstrap-started':
      return `bootstrapping with ${event.uri}`;
    case 'bootstrap-finished':
      return `bootstrapped by ${event.uri} in ${formatDuration(event.latency)}`;
    case 'bootstrap-failed':
      return `bootstrap with ${event.uri} failed: ${told(event.failure)}${again(event.retryIn)}`;
    case 'smartcard':
      return event.outcome === 'refused'
        ? `what is on the smartcard makes no sense: ${event.reason}`
        : `what is on the smartcard is ${event.outcome === 'applied' ? 'applied' : 'gone, with what it brought'}`;
    case 'registered':
      return `registered with ${event.server.uri} as /${event.location.join('/')} in ${formatDuration(event.latency)}`;
    case 'registration-failed':
      return `registration with ${event.server.uri} failed: ${told(event.failure)}${again(event.retryIn)}`;
    case 'updated':
      return `updated in ${formatDuration(event.latency)}`;
    case 'update-failed':
      return `update failed: ${told(event.failure)}`;
    case 'certificate-renewed': {
      const end = event.notAfter === undefined ? '' : `, good until ${new Date(event.notAfter).toISOString()}`;
      return `another certificate for ${event.server.uri}${end}`;
    }
    case 'renewal-failed':
      return `the certificate for ${event.server.uri} is not renewed: ${told(event.failure)}${again(event.retryIn)}`;
    case 'deregistered':
      return event.failure ? `de-registered, unconfirmed: ${told(event.failure)}` : 'de-registered';
    case 'operation':
      return `${event.server === 'bootstrap' ? 'bootstrap ' : ''}${event.operation} ${event.path} -> ${describeCode(event.code)}`;
    case 'observation-started':
      return `observed: ${event.path}`;
    case 'observation-ended':
      return `no longer observed: ${event.path}`;
    case 'sent':
      if (event.result === 'muted') return `not sent: ${event.server.uri} has muted Send`;
      return event.failure ? `send failed: ${told(event.failure)}` : `sent to ${event.server.uri}`;
    case 'awake':
      return 'awake';
    case 'asleep':
      return 'asleep: nothing reaches it until its next message';
    case 'notified':
      return `notified: ${event.path}`;
    default:
      return undefined;
  }
}

function told({ message }: FailureReason): string {
  return message;
}

function again(retryIn: Parameters<typeof formatDuration>[0] | undefined): string {
  return retryIn === undefined ? '' : `, again in ${formatDuration(retryIn)}`;
}
