"""A slixmpp user of Remote Access. Arguments: JID, password, host, port, certificate. Does what lines of standard input say, and prints what comes."""

import asyncio
import sys
import xml.etree.ElementTree as ET

import slixmpp
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath

jid, password, host, port, certificate = sys.argv[1:]
data = "{urn:yaolian:ra:1:data}"


class User(slixmpp.ClientXMPP):
    def __init__(self):
        super().__init__(jid, password)
        self.ca_certs = certificate
        for plugin in ("xep_0030", "xep_0184", "xep_0199", "xep_0352"):
            self.register_plugin(plugin)
        self["xep_0184"].auto_ack = True
        self.add_event_handler("session_start", self.started)
        self.add_event_handler("message", self.heard)
        # slixmpp's own event is for messages with a body.
        self.register_handler(Callback("values", MatchXPath(f"{{jabber:client}}message/{data}values"), self.told))
        self.add_event_handler("receipt_received", lambda m: print("receipt", m["receipt"], flush=True))

    async def started(self, _):
        await self.get_roster()
        self.send_presence()
        print("online", self.boundjid, flush=True)

    def told(self, message):
        for value in message.xml.iter(f"{data}value"):
            print("value", value.get("path"), value.text, flush=True)

    def heard(self, message):
        print("heard", message["from"].bare, message["body"], flush=True)

    async def obey(self):
        while line := await asyncio.to_thread(sys.stdin.readline):
            command, *arguments = line.split()
            if command == "inactive":
                self["xep_0352"].send_inactive()
            elif command == "active":
                self["xep_0352"].send_active()
            elif command == "observe":
                iq = self.make_iq(ito=arguments[0], itype="set")
                iq.xml.append(ET.Element(f"{data}observe", {"path": arguments[1]}))
                await iq.send()
            # What was said before is taken over once this is answered.
            await self["xep_0199"].ping(self.boundjid.domain)
            print("done", command, flush=True)


async def main():
    user = User()
    user.connect(host, int(port))
    await user.obey()


asyncio.run(main())
