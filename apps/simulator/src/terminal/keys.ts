/** Keys as they are pressed. */
export interface Keys {
  /** One character, or a control character. Returns what ends it. */
  listen(onKey: (key: string) => void): () => void;
}

/** The keys of a terminal that text is read from, one by one; Ctrl-C and Ctrl-D come as `q`. */
export function terminalKeys(input: NodeJS.ReadStream): Keys {
  return {
    listen(onKey) {
      if (!input.isTTY) return () => {};
      const onData = (data: Buffer) => {
        for (const key of data.toString('utf8')) onKey(key === '\x03' || key === '\x04' ? 'q' : key);
      };
      input.setRawMode(true);
      input.on('data', onData);
      input.resume();
      return () => {
        input.off('data', onData);
        input.setRawMode(false);
        input.pause();
      };
    },
  };
}
