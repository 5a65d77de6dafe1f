// A escada passo a passo.
