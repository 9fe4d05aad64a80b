/** Reads {gate, texts} and tells what `web/held/gate.js` makes of each text. */
import { Gate } from "../../web/held/gate.js";

let input = "";
for await (const chunk of process.stdin) input += chunk;
const { gate: given, texts } = JSON.parse(input);
const gate = new Gate(given);
const answers = texts.map((text) => ({ command: gate.command(text), danger: gate.danger(text) }));
process.stdout.write(JSON.stringify(answers));
