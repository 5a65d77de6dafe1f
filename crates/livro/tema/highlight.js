// Vaga do mdBook que este tema não usa: o programa da página está em book.js.
