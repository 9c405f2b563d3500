// Guests of an ordinary user with too many processes and files, and guests that turn on their own agent.

import { describeHostileProcesses } from "../helpers/hostile-processes.js";

describeHostileProcesses("an ordinary user");
