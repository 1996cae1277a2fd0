"""What is done with imports: files are taken in, tried, carried out; billing systems are looked at."""
