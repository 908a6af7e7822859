import { createHash } from 'node:crypto';
import { connect } from 'node:tls';
import { createDtlsClient } from '@yaolian/dtls';
import { socketAddress } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers, openCrypto, openUdpPort } from '@yaolian/node-runtime';

/** The certificate that a TLS server shows now. */
export function shownBy(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port), rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256.replaceAll(':', '').toLowerCase());
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

/** The certificate that a DTLS server shows now. */
export async function shownByDtls(url: string): Promise<string> {
  const port = await openUdpPort({ host: '127.0.0.1', port: 0, adapter: 'portable' });
  const shown = Promise.withResolvers<Uint8Array>();
  const storedCertificate = (certificate: Uint8Array) => {
    shown.resolve(certificate.slice());
    return false;
  };
  const dtls = createDtlsClient({
    ...{ port, crypto: await openCrypto(), clock: nodeClock, timers: nodeTimers, random: nodeRandom },
    credentials: { trust: { storedCertificate } },
  });
  dtls.listen({ onDatagram: () => {} });
  dtls.send(Uint8Array.of(0), socketAddress('127.0.0.1', Number(new URL(url).port)));
  const certificate = await shown.promise;
  await dtls.close();
  return createHash('sha256').update(certificate).digest('hex');
}
