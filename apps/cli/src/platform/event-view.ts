import type { JsonEvent } from '@yaolian/contract';
import { printable } from '../output/display-width.ts';
import type { Paint, Painter } from '../output/paint.ts';
import { localClock } from '../output/time.ts';
import { describeCoapCode, summariseNode } from './node-view.ts';

/** `09:15:30  device.registered  urn:imei:…  from 192.0.2.7:56830, lifetime 86400 s` */
export function describeEvent(event: JsonEvent, paint: Painter): string {
  const who = event.device ?? event.endpoint ?? '';
  const what = [event.type.padEnd(20), who, factsOf(event)].filter((part) => part !== '').map(printable);
  return [localClock(event.time), paint(what[0]!, paintOf(event)), ...what.slice(1)].join('  ');
}

function paintOf({ type }: JsonEvent): Paint {
  if (/refused|failed|malformed|gap/.test(type)) return 'red';
  if (/registered$|\.connected|finished|started/.test(type) && type !== 'device.deregistered') return 'green';
  if (/expired|disconnected|ended|removed|deregistered/.test(type)) return 'yellow';
  return 'bold';
}

/** What an event tells besides its type and its device, in words. */
export function factsOf(event: JsonEvent): string {
  switch (event.type) {
    case 'device.registered': {
      const { address, lifetime, lwm2mVersion, binding, replaced } = event.data;
      return `from ${address}, lifetime ${lifetime} s, LwM2M ${lwm2mVersion} ${binding}${replaced ? ', again' : ''}`;
    }
    case 'device.updated': {
      const { address, addressChanged, lifetime, linksChanged } = event.data;
      const from = `from ${address}${addressChanged ? ' (a new address)' : ''}`;
      return `${from}, lifetime ${lifetime} s${linksChanged ? ', other objects' : ''}`;
    }
    case 'device.deregistered':
    case 'device.connected':
    case 'bootstrap.started':
      return `from ${event.data.address}`;
    case 'device.refused':
      return `${event.data.request} from ${event.data.address}: ${event.data.coapCode}, ${event.data.reason}`;
    case 'operation.completed': {
      const { operation, path, coapCode, error, duration } = event.data;
      return `${operation} ${path}: ${coapCode === undefined ? error : describeCoapCode(coapCode)}, ${duration} ms`;
    }
    case 'bootstrap.refused':
      return `from ${event.data.address}: ${event.data.coapCode}, ${event.data.reason}`;
    case 'device.reported': {
      const { fields, unreadable, notes } = event.data;
      const bad = unreadable.length === 0 ? [] : [`unreadable: ${unreadable.join(' ')}`];
      return [fields.join(' '), ...bad, ...notes].join(', ');
    }
    case 'device.report-failed':
      return event.data.reason;
    case 'observation.started':
      return event.data.path;
    case 'observation.notified':
      return `${event.data.path}  ${summariseNode(event.data.node)}`;
    case 'observation.malformed':
    case 'observation.ended':
      return `${event.data.path}: ${event.data.reason}${'waiting' in event.data && event.data.waiting ? ', observed again when it registers' : ''}`;
    case 'device.sent':
      return `${event.data.path}  ${event.data.values.map(({ node }) => summariseNode(node)).join(', ')}`;
    case 'request.queued':
    case 'request.sent':
    case 'request.finished': {
      const { id, operation, paths, state, coapCode, reason } = event.data;
      const outcome = [coapCode === undefined ? '' : describeCoapCode(coapCode), reason ?? ''].filter(
        (part) => part !== '',
      );
      const end = event.type === 'request.finished' ? `: ${[state, ...outcome].join(', ')}` : '';
      return `request ${id}, ${operation} ${paths.join(' ')}${end}`;
    }
    case 'bootstrap.finished':
      return [`from ${event.data.address}`, ...event.data.notes].join('; ');
    case 'bootstrap.failed':
      return [`from ${event.data.address}: ${event.data.reason}`, ...event.data.notes].join('; ');
    case 'firmware.changed': {
      const { update, phase, delivery, version, failure, note } = event.data;
      return [update, phase, delivery, version, failure, note].filter((part) => part !== undefined).join(' ');
    }
    case 'firmware.progress':
      return `${event.data.update} ${event.data.sent} of ${event.data.size} bytes`;
    case 'campaign.changed': {
      const { id, name, state, counts, total } = event.data;
      return `${id} ${name} ${state}: ${counts.succeeded} of ${total}, ${counts.failed} failed, ${counts.running} running`;
    }
    case 'stream.gap':
      return event.data.reason;
    default:
      return '';
  }
}
