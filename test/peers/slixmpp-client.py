"""A slixmpp client. Arguments: JID, password, host, port, certificate, what to do: `echo`, or `send TO TEXT`. Prints what comes."""

import asyncio
import sys

import slixmpp

jid, password, host, port, certificate, *task = sys.argv[1:]


class Client(slixmpp.ClientXMPP):
    def __init__(self):
        super().__init__(jid, password)
        self.ca_certs = certificate
        self.ended = asyncio.Event()
        for plugin in ("xep_0030", "xep_0199", "xep_0198"):
            self.register_plugin(plugin)
        self.add_event_handler("session_start", self.started)
        self.add_event_handler("session_resumed", lambda _: print("resumed", flush=True))
        self.add_event_handler("failed_all_auth", lambda _: self.over("refused"))
        self.add_event_handler("message", self.came)
        self.add_event_handler("sm_enabled", lambda _: print("managed", flush=True))

    def over(self, text):
        print(text, flush=True)
        self.disconnect()
        self.ended.set()

    async def started(self, _):
        print(f"online {self.boundjid}", flush=True)
        self.send_presence()
        if task[0] == "send":
            self.send_message(mto=task[1], mbody=task[2], mtype="chat")
            await self["xep_0199"].ping(self.boundjid.domain)
            self.over("sent")

    def came(self, message):
        body = message["body"]
        print(f"{message['from']}: {body}", flush=True)
        if body == "cut":
            self.transport.abort()
            self.connect(host, int(port))
        elif body == "bye":
            self.over("bye")
        else:
            message.reply(f"echo {body}").send()


async def main():
    client = Client()
    client.connect(host, int(port))
    await client.ended.wait()
    await asyncio.wait_for(client.disconnected, 5)


asyncio.run(main())
