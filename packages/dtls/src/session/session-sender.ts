import type { DatagramListener } from '@yaolian/kernel';
import { dtlsErrors } from '../errors.ts';
import { type AlertName, encodeAlert } from '../messages/alert.ts';
import { ContentType } from '../record/content-type.ts';
import type { Settings } from '../settings.ts';
import type { DtlsSession } from './session.ts';

/** Sends records of open sessions. */
export class SessionSender {
  readonly #settings: Settings;
  listener: DatagramListener | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Sends application data as one record in one datagram. */
  sendData(session: DtlsSession, datagram: Uint8Array): void {
    if (datagram.length > session.contentLimit) {
      this.refuse(dtlsErrors.DTLS_TOO_LARGE(session.address.key, datagram.length, session.contentLimit), session);
      return;
    }
    if (session.unvalidatedBudget >= 0 && session.recordLength(datagram.length) > session.unvalidatedBudget) {
      this.#settings.counters.dropped('address not validated');
      this.refuse(dtlsErrors.DTLS_UNVALIDATED(session.address.key), session);
      return;
    }
    if (this.#send(session, ContentType.ApplicationData, datagram)) this.#settings.counters.sent.add();
    else this.refuse(dtlsErrors.DTLS_SEQUENCE_EXHAUSTED(session.address.key), session);
  }

  readonly sendRecord = (session: DtlsSession, type: number, content: Uint8Array): void => {
    this.#send(session, type, content);
  };

  sendAlert(session: DtlsSession, name: AlertName): void {
    this.#send(session, ContentType.Alert, encodeAlert(name));
  }

  /** Tells the listener, later, why a datagram did not go out. */
  refuse(error: Error, to: DtlsSession | Parameters<NonNullable<DatagramListener['onSendError']>>[1]): void {
    queueMicrotask(() => this.listener?.onSendError?.(error, to));
  }

  #send(session: DtlsSession, type: number, content: Uint8Array): boolean {
    const out = new Uint8Array(session.recordLength(content.length));
    const end = session.seal(type, content, out, 0);
    if (end < 0) return false;
    if (session.unvalidatedBudget >= 0) session.unvalidatedBudget = Math.max(0, session.unvalidatedBudget - end);
    session.hasSentHere = true;
    const datagram = end === out.length ? out : out.subarray(0, end);
    this.#settings.tap.current?.onSent(datagram, session);
    this.#settings.port.send(datagram, session);
    if (session.writeSequence === session.exportDueAt) this.#settings.sessions.onExportDue?.(session);
    return true;
  }
}
