/** What the QR code of a device says. */
export interface DeviceCode {
  readonly device: string;
  readonly code: string;
}

/**
 * Reads the text of a QR code: the address of the page that adds a device (`https://…/home/add#device=lamp&code=D30A2-QXT9Q`), an
 * XMPP URI (`xmpp:lamp@home.example?bind;code=D30A2-QXT9Q`), or a name and a code with a space between.
 */
export function readDeviceCode(text: string): DeviceCode | undefined {
  const fields = /^\S+$/.test(text) ? fieldsOf(text) : wordsOf(text);
  const { device, code } = fields;
  return device && code && device.length <= 1023 && code.length <= 64 ? { device, code } : undefined;
}

function wordsOf(text: string): Partial<DeviceCode> {
  const [device = '', code = '', ...rest] = text.trim().split(/\s+/);
  return rest.length === 0 ? { device, code } : {};
}

function fieldsOf(text: string): Partial<DeviceCode> {
  const xmpp = /^xmpp:([^?]+)\?(.*)$/i.exec(text);
  const after = xmpp ? xmpp[2]! : text.slice(Math.max(text.indexOf('#'), text.indexOf('?')) + 1);
  const fields = new URLSearchParams(after.replaceAll(';', '&'));
  const device = xmpp ? decoded(xmpp[1]!) : fields.get('device');
  const code = fields.get('code');
  return { ...(device && { device }), ...(code && { code }) };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined; // not percent-encoding
  }
}
