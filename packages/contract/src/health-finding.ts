/** What a health check can find. `failed` ones keep the platform from its work; `degraded` ones will, or do so for some. */
interface HealthFinding {
  readonly state: 'degraded' | 'failed';
  /** What is so, with `{name}` for values of the check. */
  readonly detail: string;
  /** What to do about it. */
  readonly advice: string;
}

/** Everything that a health check can find. The key is the stable code of `finding`; consoles have their own texts by it. */
export const healthFindings = {
  'disk-low': {
    state: 'degraded',
    detail: '{freeBytes} of the disk of data-dir are free.',
    advice: 'Free space on that disk, move data-dir to a larger one, or keep less history (history.keep).',
  },
  'disk-full': {
    state: 'failed',
    detail: '{freeBytes} of the disk of data-dir are free: what needs to be stored is about to be refused.',
    advice: 'Free space on that disk now; the platform goes on by itself.',
  },
  'database-large': {
    state: 'degraded',
    detail: 'The database has {sizeBytes} of the {limitBytes} that storage.max-size allows.',
    advice: 'Raise storage.max-size, or keep less history (history.keep): beyond it nothing new is stored.',
  },
  'commits-fail': {
    state: 'failed',
    detail: 'The last transaction was not stored: {reason}',
    advice: 'Look after the disk of data-dir (space, permissions, its health); the log has each failure.',
  },
  'commits-slow': {
    state: 'degraded',
    detail: 'The last transaction took {seconds}.',
    advice: 'Put data-dir on a faster disk, or take away what else writes to it: terminals wait for each commit.',
  },
  'listener-busy': {
    state: 'degraded',
    detail: '{used} of at most {limit} are open.',
    advice: 'Raise {setting} before it is full, or find out who opens so many.',
  },
  'listener-full': {
    state: 'failed',
    detail: '{used} of at most {limit} are open: further ones are refused.',
    advice: 'Raise {setting} and restart, or find out who opens so many.',
  },
  'listener-silent': {
    state: 'failed',
    detail: 'It did not answer a CoAP ping from this machine ({reason}).',
    advice:
      'Look at the load (the checks of the event loop and of memory) and at the firewall of this machine; else restart.',
  },
  'queue-long': {
    state: 'degraded',
    detail: '{used} of at most {limit} requests wait for sleeping devices.',
    advice: 'Cancel those that nobody needs ("yaolian queue list"), or raise lwm2m.max-queued.',
  },
  'queue-full': {
    state: 'failed',
    detail: '{used} of at most {limit} requests wait for sleeping devices: further ones are refused.',
    advice: 'Cancel those that nobody needs ("yaolian queue list"), or raise lwm2m.max-queued.',
  },
  'devices-many': {
    state: 'degraded',
    detail: '{used} of at most {limit} devices are kept.',
    advice:
      'Raise lwm2m.max-devices before it is full, or remove devices that are gone for good ("yaolian devices remove").',
  },
  'devices-full': {
    state: 'degraded',
    detail: '{used} devices are kept, at most {limit}: new ones that are not on the allow-list are refused.',
    advice:
      'Raise lwm2m.max-devices and restart, or remove devices that are gone for good; if many came that nobody knows, let in those on the allow-list alone.',
  },
  'loop-late': {
    state: 'degraded',
    detail: 'Work waits up to {seconds} for its turn (99 of 100 times less).',
    advice: 'Give the process a core of its own, or fewer devices: it has more to do than one core can.',
  },
  'heap-short': {
    state: 'degraded',
    detail: 'The heap has {usedBytes} of at most {limitBytes}.',
    advice: 'Start with NODE_OPTIONS=--max-old-space-size=<MiB>, or lower the limits of sessions and queues.',
  },
  'descriptors-few': {
    state: 'degraded',
    detail: '{used} of at most {limit} file descriptors were in use a moment ago.',
    advice:
      'Raise LimitNOFILE of the service (ulimit -n) and restart: every connection takes one, and without any new connections are closed at once.',
  },
  'descriptors-none': {
    state: 'failed',
    detail: 'All {limit} file descriptors were in use a moment ago: without any new connections are closed at once.',
    advice:
      'Raise LimitNOFILE of the service (ulimit -n) above what coap.max-connections, xmpp.max-connections and http.max-connections allow together, and restart; or lower those.',
  },
  'certificate-ends': {
    state: 'degraded',
    detail: 'It ends in {days} days.',
    advice:
      'Put the new one into the files of {settings}. For an imported one import its successor; one that the platform made is made anew at a start.',
  },
  'certificate-over': {
    state: 'failed',
    detail: 'It is over: clients that check it do not connect.',
    advice:
      'Put a new one into the files of {settings}. For an imported one import its successor; one that the platform made is made anew at a start.',
  },
  'certificate-early': {
    state: 'failed',
    detail: 'It is not valid yet: clients that check it do not connect.',
    advice: 'Check the clock of this machine, or put one that is valid into the files of {settings}.',
  },
  'authority-ends': {
    state: 'degraded',
    detail: 'Terminals and clients whose certificates it signed are let in for {days} days more.',
    advice:
      'Add its successor beside it (in the file of tls.client-ca, or on the page of certificates), and give them certificates of that one.',
  },
  'authority-over': {
    state: 'failed',
    detail: 'It is over: terminals and clients whose certificates it signed are not let in.',
    advice:
      'Add its successor (in the file of tls.client-ca, or on the page of certificates); if nobody needs it any more, take it out.',
  },
  'authority-early': {
    state: 'failed',
    detail: 'It is not valid yet: terminals and clients whose certificates it signed are not let in.',
    advice: 'Check the clock of this machine, or put one that is valid into the file of tls.client-ca.',
  },
  'certificate-unfit': {
    state: 'degraded',
    detail: 'What the files of {settings} have now cannot be used ({reason}): the certificate before stays in service.',
    advice:
      'Put a certificate and the key that goes with it into the files of {settings}: they are looked at every ten seconds. As they are, the platform would not start again.',
  },
  'authority-unfit': {
    state: 'degraded',
    detail: 'What the file of tls.client-ca has now cannot be used ({reason}): the authorities before stay in service.',
    advice:
      'Put certificates in PEM into the file of tls.client-ca: it is looked at every ten seconds. As it is, the platform would not start again.',
  },
  'webhook-failing': {
    state: 'degraded',
    detail: 'The last attempt failed ({reason}); {waiting} deliveries wait.',
    advice:
      'Look after the receiver; deliveries are tried again by themselves ("yaolian webhooks deliveries {subject}").',
  },
  'webhook-dropping': {
    state: 'degraded',
    detail: '{dropped} events were dropped since the start, {waiting} wait.',
    advice: 'Look after the receiver, or raise webhooks.max-waiting: what does not fit is lost to it.',
  },
  'broker-away': {
    state: 'degraded',
    detail: 'It is not connected ({reason}); {waiting} messages wait.',
    advice: 'Look after the broker and its settings ({settings}); the platform connects again by itself.',
  },
  'broker-dropping': {
    state: 'degraded',
    detail: '{dropped} messages were dropped since the start, {waiting} wait.',
    advice: 'Look after the broker, or raise mqtt.max-waiting: what does not fit is lost to its subscribers.',
  },
  'packages-in-clear': {
    state: 'degraded',
    detail: 'Terminals that come by DTLS or TLS pull firmware without protection: it begins with {scheme}://.',
    advice:
      'Let {subject} begin with {secure}://, or leave it out: each terminal is then sent to where it comes itself.',
  },
} as const satisfies Record<string, HealthFinding>;

export type HealthFindingCode = keyof typeof healthFindings;

/** Fills `{name}` with values of a check, as people write them; what has none stays as it is. */
export function fillIn(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    values[name] === undefined ? whole : measureText(name, values[name]),
  );
}

/** A value of a check for people: the end of its name is its unit. `freeBytes` 1073741824: `1.0 GiB`; `seconds` 0.25: `250 ms`. */
export function measureText(name: string, value: string | number): string {
  if (typeof value === 'string') return value;
  if (/bytes$/i.test(name))
    return value >= 2 ** 30 ? `${(value / 2 ** 30).toFixed(1)} GiB` : `${Math.round(value / 2 ** 20)} MiB`;
  if (!/seconds$/i.test(name)) return String(value);
  return value >= 1 ? `${value.toFixed(1)} s` : `${Number((value * 1000).toPrecision(2))} ms`;
}
