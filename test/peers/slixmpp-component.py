"""A slixmpp component. Arguments: domain, secret, host, port. Answers messages and an iq, and prints what comes."""

import asyncio
import sys

import slixmpp

domain, secret, host, port = sys.argv[1:]


class Clock(slixmpp.ComponentXMPP):
    def __init__(self):
        super().__init__(domain, secret, host, int(port))
        for plugin in ("xep_0030", "xep_0199", "xep_0184"):
            self.register_plugin(plugin)
        self.add_event_handler("session_start", lambda _: print("attached", flush=True))
        self.add_event_handler("disconnected", lambda _: print("detached", flush=True))
        self.add_event_handler("message", self.came)

    def came(self, message):
        print(f"{message['from']} to {message['to']}: {message['body']}", flush=True)
        if message["type"] in ("chat", "normal"):
            self.send_message(mto=message["from"], mfrom=message["to"], mbody=f"heard {message['body']}", mtype="chat")
        if message["body"] == "forge":
            self.send_message(mto=message["from"], mfrom="somebody@elsewhere.example", mbody="forged", mtype="chat")


clock = Clock()
clock.connect()
asyncio.get_event_loop().run_forever()
