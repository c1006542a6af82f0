/** An event of the server, with the data that its JSON holds. */
export interface ServerEvent {
  readonly event: string;
  readonly data: unknown;
}

/** Listens to server-sent events until the loop ends. */
export async function* eventsOf(url: string): AsyncGenerator<ServerEvent> {
  const controller = new AbortController();
  const answer = await fetch(url, { signal: controller.signal });
  let text = '';
  try {
    const decoder = new TextDecoder();
    for await (const part of answer.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(part, { stream: true });
      const whole = text.split('\n\n');
      text = whole.pop() as string;
      for (const each of whole) {
        const [, event, data] = /^event: (.*)\ndata: (.*)$/.exec(each) as unknown as [string, string, string];
        yield { event, data: JSON.parse(data) };
      }
    }
  } finally {
    controller.abort();
  }
}
