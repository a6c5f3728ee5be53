provider web { probe hit__start(int); probe hit__start(string); };
