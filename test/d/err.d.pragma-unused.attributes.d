/* attributes speak of a name that the program must define */
int known;
#pragma D attributes Evolving/Stable/ISA known
#pragma D attributes Evolving/Stable/ISA unheard_of
BEGIN { exit(0); }
