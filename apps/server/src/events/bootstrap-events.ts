import { describeCode, formatCode } from '@yaolian/coap';
import { formatPath } from '@yaolian/lwm2m';
import type { BootstrapEvent, BootstrapFinishedEvent, BootstrapServer, BootstrapStep } from '@yaolian/lwm2m/bootstrap';
import type { EventHub, PlatformEvent } from './event-hub.ts';

/** Tells the hub what happens at bootstrap, until the function that is returned has been called. */
export function relayBootstrapEvents(bootstrap: BootstrapServer, hub: EventHub): () => void {
  return bootstrap.events.onAny((event) => {
    const told = toPlatformEvent(event);
    if (told) hub.publish(told);
  });
}

function toPlatformEvent(event: BootstrapEvent): PlatformEvent | undefined {
  switch (event.type) {
    case 'bootstrap-started': {
      const { time, deviceKey, endpoint, address } = event;
      return { type: 'bootstrap.started', time, device: deviceKey, endpoint, data: () => ({ address: address.key }) };
    }
    case 'bootstrap-finished':
      return finished(event);
    case 'refused': {
      const { time, endpoint, address, code: coapCode, message, reason: code } = event;
      const data = () => ({ address: address.key, coapCode: formatCode(coapCode), reason: message, code });
      return { type: 'bootstrap.refused', time, endpoint, data };
    }
    default:
      return undefined; // steps are told together when it is over
  }
}

function finished(event: BootstrapFinishedEvent): PlatformEvent {
  const { time, deviceKey, endpoint, address, outcome, steps } = event;
  const of = { time, device: deviceKey, endpoint };
  const told = () => ({ address: address.key, notes: steps.filter(isNotable).map(describeStep) });
  if (outcome === 'succeeded' || outcome === 'incomplete') return { ...of, type: 'bootstrap.finished', data: told };
  return { ...of, type: 'bootstrap.failed', data: () => ({ ...told(), reason: reasons[outcome], code: outcome }) };
}

const reasons = {
  inconsistent: 'the terminal says that the configuration is not consistent (4.06 to Finish)',
  refused: 'the terminal refused Finish',
  lost: 'the terminal did not answer any more',
  restarted: 'the terminal asked for bootstrap again meanwhile',
  closed: 'the platform was stopped meanwhile',
} as const satisfies Partial<Record<BootstrapFinishedEvent['outcome'], string>>;

function isNotable(step: BootstrapStep): boolean {
  return step.outcome === 'refused' || step.outcome === 'failed';
}

function describeStep({ operation, path, code, detail }: BootstrapStep): string {
  const said = detail === '' ? '' : `: ${detail}`;
  const answer = code === undefined ? 'no answer' : describeCode(code);
  return `${operation} ${formatPath(path)}: ${answer}${said}`;
}
