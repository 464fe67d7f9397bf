import { program } from "./program";

module.exports = program();
