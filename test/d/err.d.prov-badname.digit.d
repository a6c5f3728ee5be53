provider web2 { probe hit(); };
