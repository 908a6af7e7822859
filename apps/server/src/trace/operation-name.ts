import { Code, ContentFormat, decodeUint, type Message, OptionNumber } from '@yaolian/coap';
import { type Lwm2mPath, PathLevel, parsePathSegments, pathLevel } from '@yaolian/lwm2m';
import type { Direction } from './frame.ts';

/** The LwM2M operation that a request is (OMA-TS-LightweightM2M 1.1 transport §6.4), as the specification calls it. */
export function operationOf(direction: Direction, message: Message, path: readonly string[]): string {
  const found = direction === 'in' ? fromDevice(message, path) : toDevice(message, path);
  return found ?? '';
}

/** Registration, reporting and bootstrap interfaces. */
function fromDevice(message: Message, path: readonly string[]): string | undefined {
  const { code } = message;
  const [first, ...rest] = path;
  if (first === 'rd') {
    if (code === Code.DELETE) return 'De-register';
    if (code !== Code.POST) return undefined;
    return rest.length === 0 ? 'Register' : 'Update';
  }
  if (code === Code.POST && first === 'dp') return 'Send';
  if (code === Code.POST && first === 'bs') return 'Bootstrap-Request';
  if (first === 'bspack') return 'Bootstrap-Pack-Request';
  return undefined;
}

/** Device management, information reporting and bootstrap interfaces. */
function toDevice(message: Message, path: readonly string[]): string | undefined {
  const { code } = message;
  if (code === Code.POST && path.length === 1 && path[0] === 'bs') return 'Bootstrap-Finish';
  const target = targetOf(path);
  if (target === undefined) return undefined;
  switch (code) {
    case Code.GET:
      return reading(message);
    case Code.PUT:
      return message.payload.length === 0 && hasOption(message, OptionNumber.UriQuery)
        ? 'Write-Attributes'
        : 'Write (replace)';
    case Code.POST:
      return posting(message, target);
    case Code.DELETE:
      return 'Delete';
    case Code.FETCH:
      return hasOption(message, OptionNumber.Observe) ? `${observing(message)}-Composite` : 'Read-Composite';
    case Code.iPATCH:
      return 'Write-Composite';
    default:
      return undefined;
  }
}

function reading(message: Message): string {
  if (hasOption(message, OptionNumber.Observe)) return observing(message);
  return uint(message, OptionNumber.Accept) === ContentFormat.LinkFormat ? 'Discover' : 'Read';
}

function observing(message: Message): string {
  return uint(message, OptionNumber.Observe) === 1 ? 'Cancel Observation' : 'Observe';
}

function posting(message: Message, target: Lwm2mPath): string {
  const level = pathLevel(target);
  if (level <= PathLevel.Object) return 'Create';
  if (level === PathLevel.ObjectInstance) return 'Write (update)';
  return hasOption(message, OptionNumber.ContentFormat) && uint(message, OptionNumber.ContentFormat) !== 0
    ? 'Write (update)'
    : 'Execute';
}

/** The LwM2M path at the end of a path, behind whatever alternate root a terminal has. */
export function targetOf(path: readonly string[]): Lwm2mPath | undefined {
  const from = path.findIndex((segment) => /^\d{1,5}$/.test(segment));
  if (from < 0) return path.length === 0 ? {} : undefined;
  const parsed = parsePathSegments(path, from);
  return parsed.ok ? parsed.value : undefined;
}

export function hasOption({ options }: Message, number: number): boolean {
  return options.some((option) => option.number === number);
}

export function uint({ options }: Message, number: number): number | undefined {
  const option = options.find((one) => one.number === number);
  return option === undefined || option.value.length > 4 ? undefined : decodeUint(option.value);
}
