// The order of these imports is the order of the layers: values, then elements, then components.
import './base.css';
import './fonts.css';
import './tokens.css';
