"""A slixmpp client with its contacts. Arguments: JID, password, host, port, certificate. Does what lines of standard input say, and prints what comes."""

import asyncio
import sys

import slixmpp
from slixmpp.exceptions import IqError

jid, password, host, port, certificate = sys.argv[1:]


def told(*words):
    print(*words, flush=True)


class Client(slixmpp.ClientXMPP):
    def __init__(self):
        super().__init__(jid, password)
        self.ca_certs = certificate
        for plugin in ("xep_0030", "xep_0059", "xep_0191", "xep_0199", "xep_0203", "xep_0280", "xep_0313"):
            self.register_plugin(plugin)
        # Who asks is not let in before somebody says so.
        self.roster.auto_authorize = None
        self.roster.auto_subscribe = False
        self.add_event_handler("session_start", self.started)
        self.add_event_handler("message", self.came)
        self.add_event_handler("message_error", self.came)
        self.add_event_handler("carbon_sent", lambda m: told("carbon", m["carbon_sent"]["body"]))
        self.add_event_handler("roster_update", self.changed)
        self.add_event_handler("presence_subscribe", lambda p: told("asked by", p["from"].bare))
        self.add_event_handler("presence_subscribed", lambda p: told("let in by", p["from"].bare))
        self.add_event_handler("presence_unsubscribed", lambda p: told("let out by", p["from"].bare))
        self.add_event_handler("got_online", lambda p: told("sees", p["from"].bare))
        self.add_event_handler("got_offline", lambda p: told("misses", p["from"].bare))

    async def started(self, _):
        await self.get_roster()
        self.send_presence()
        told("online", self.boundjid)

    def came(self, message):
        if message["type"] == "error":
            told("refused message", message["error"]["condition"])
            return
        late = "late" if message["delay"]["stamp"] else "now"
        told("heard", message["from"].bare, late, message["body"])

    def changed(self, iq):
        for contact, item in sorted(iq["roster"]["items"].items()):
            told("roster", contact, item["subscription"], item["name"] or "-", ",".join(item["groups"]) or "-")

    async def carry_out(self, command, *arguments):
        if command == "subscribe":
            self.send_presence_subscription(arguments[0], ptype="subscribe")
        elif command == "allow":
            self.send_presence_subscription(arguments[0], ptype="subscribed")
        elif command == "name":
            await self.update_roster(arguments[0], name=arguments[1], groups=[arguments[2]])
        elif command == "remove":
            await self.del_roster_item(arguments[0])
        elif command == "say":
            self.send_message(mto=arguments[0], mbody=" ".join(arguments[1:]), mtype="chat")
        elif command == "carbons":
            await self.plugin["xep_0280"].enable()
        elif command == "block":
            await self.plugin["xep_0191"].block(arguments[0])
        elif command == "archive":
            found = []
            async for result in self.plugin["xep_0313"].iterate(with_jid=slixmpp.JID(arguments[0]), rsm={"max": "2"}):
                found.append(result["mam_result"]["forwarded"]["stanza"]["body"])
            told("archive", " | ".join(found))
        elif command == "unheard-of":
            query = self.make_iq_get(queryxmlns="urn:example:unheard-of", ito=arguments[0])
            await query.send(timeout=10)
        elif command == "leave":
            await self.disconnect()

    async def obey(self):
        while line := await asyncio.to_thread(sys.stdin.readline):
            command, *arguments = line.split()
            try:
                await self.carry_out(command, *arguments)
                told("done", command)
            except IqError as error:
                told("refused", command, error.condition)


async def main():
    client = Client()
    client.connect(host, int(port))
    await client.obey()


asyncio.run(main())
