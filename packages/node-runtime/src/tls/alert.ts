/** OpenSSL's words for an alert of the peer, as Node passes them on: `…:SSL alert number 40`. */
const words = /SSL alert number (\d+)/;

/** A socket, or a WebSocket. */
interface ErrorSource {
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** Tells of fatal alerts that the peer sends: in TLS 1.3 also once the handshake is done on our side. */
export function listenForAlert(socket: ErrorSource, onAlert: (description: number) => void): void {
  socket.on('error', ({ message }) => {
    const description = words.exec(message)?.[1];
    if (description !== undefined) onAlert(Number(description));
  });
}
