// A escada passo a passo: o script único de todas as figuras do fio.
// Sem ele a figura e a tabela já estão completas.
(() => {
	// Cada camada: "nome;campos", e cada campo: "nome|início|tamanho|formato".
	const ICMP = "Tipo|0|1|d;Código|1|1|d;Soma|2|2|x;Resto|4|4|x";
	const CAMADAS = {
		E: "Ethernet;Destino|0|6|m;Origem|6|6|m;Tipo|12|2|x",
		S: "Linux SLL;Sentido|0|2|s;Origem|6|6|m;Tipo|14|2|x",
		Z: "Linux SLL2;Tipo|0|2|x;Interface|4|4|d;Sentido|10|1|s;Origem|12|6|m",
		L: "Loopback;Família|0|4|x",
		A: "ARP;Operação|6|2|d;MAC de quem fala|8|6|m;IP de quem fala|14|4|4;MAC procurado|18|6|m;IP procurado|24|4|4",
		4: "IPv4;Versão e cabeçalho|0|1|v;Comprimento total|2|2|d;Identificação|4|2|x;Fragmentação|6|2|g;TTL|8|1|d;Protocolo|9|1|p;Soma|10|2|x;Origem|12|4|4;Destino|16|4|4",
		6: "IPv6;Comprimento dos dados|4|2|d;Próximo cabeçalho|6|1|p;Limite de saltos|7|1|d;Origem|8|16|6;Destino|24|16|6",
		T: "TCP;Porta de origem|0|2|d;Porta de destino|2|2|d;Sequência|4|4|d;Confirmação|8|4|d;Cabeçalho|12|1|o;Flags|13|1|f;Janela|14|2|d;Soma|16|2|x;Urgência|18|2|d",
		U: "UDP;Porta de origem|0|2|d;Porta de destino|2|2|d;Comprimento|4|2|d;Soma|6|2|x",
		I: "ICMP;" + ICMP,
		J: "ICMPv6;" + ICMP,
		D: "dados",
	};
	const FLAGS = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"];
	const PROTOCOLOS = { 1: "ICMP", 6: "TCP", 17: "UDP", 58: "ICMPv6" };
	const OPCOES = { 2: "MSS", 3: "Escala da janela", 4: "SACK permitido", 5: "SACK", 8: "Marcas de tempo" };

	const hex = n => n.toString(16).padStart(2, "0");
	const numero = b => b.reduce((soma, byte) => soma * 256 + byte, 0);
	const ip6 = b => {
		const grupos = [];
		for (let i = 0; i < 16; i += 2) grupos.push(numero(b.slice(i, i + 2)).toString(16));
		return grupos.join(":").replace(/\b0(?::0)+\b/, ":").replace(/:{3,}/, "::");
	};
	const FORMATOS = {
		d: b => numero(b).toLocaleString("pt-BR", { useGrouping: b.length > 2 }),
		x: b => "0x" + b.map(hex).join(""),
		m: b => b.map(hex).join(":"),
		4: b => b.join("."),
		6: ip6,
		s: b => (numero(b) === 4 ? "saindo" : "entrando"),
		v: b => `${b[0] >> 4}, ${(b[0] & 15) * 4} bytes`,
		o: b => `${(b[0] >> 4) * 4} bytes`,
		g: b => (b[0] & 64 ? "não fragmentar" : `posição ${numero([b[0] & 31, b[1]]) * 8}${b[0] & 32 ? ", há mais" : ""}`),
		p: b => `${b[0]} ${PROTOCOLOS[b[0]] || ""}`,
		f: b => FLAGS.filter((_, i) => (b[0] >> i) & 1).join(", ") || "nenhuma",
	};

	/** Cria um elemento com filhos. */
	const criar = (nome, classe, ...filhos) => {
		const e = document.createElement(nome);
		if (classe) e.className = classe;
		e.append(...filhos);
		return e;
	};

	const atribuir = (e, atributos) => Object.entries(atributos).forEach(([nome, valor]) => e.setAttribute(nome, valor));

	/** Os campos de uma camada: [nome, valor, início, fim]. */
	const campos = (letra, bytes) => {
		const lista = CAMADAS[letra].split(";").slice(1).map(texto => {
			const [nome, inicio, tamanho, formato] = texto.split("|");
			const fim = +inicio + +tamanho;
			return [nome, FORMATOS[formato](bytes.slice(+inicio, fim)), +inicio, fim];
		}).filter(campo => campo[3] <= bytes.length);
		if (letra !== "T") return lista;
		for (let i = 20; i < bytes.length && bytes[i]; ) {
			const tamanho = bytes[i] === 1 ? 1 : Math.max(bytes[i + 1] || 2, 2);
			const valor = bytes.slice(i + 2, i + tamanho);
			const partes = [];
			for (let j = 0; j < valor.length; j += 4) partes.push(FORMATOS.d(valor.slice(j, j + 4)));
			if (bytes[i] > 1) lista.push([OPCOES[bytes[i]] || `Opção ${bytes[i]}`, partes.join(", ") || "sim", i, i + tamanho]);
			i += tamanho;
		}
		return lista;
	};

	/** Uma camada: bytes e campos, ligados. */
	const camada = (letra, bytes, relativos, aviso) => {
		const [titulo] = CAMADAS[letra].split(";");
		const lista = campos(letra, bytes);
		const pre = criar("pre", "fio-hex");
		atribuir(pre, { tabindex: 0, role: "group", "aria-label": "Bytes: " + titulo });
		const celulas = [];
		for (let i = 0; i < bytes.length; i += 8) {
			const linha = bytes.slice(i, i + 8);
			pre.append(hex(i) + "  ");
			linha.forEach(byte => {
				celulas.push(criar("span", "", hex(byte)));
				pre.append(celulas.at(-1), " ");
			});
			pre.append("   ".repeat(8 - linha.length), " ", String.fromCharCode(...linha.map(b => (b > 31 && b < 127 ? b : 46))), "\n");
		}
		const dl = criar("dl");
		lista.forEach(([nome, valor, inicio, fim]) => {
			const relativo = letra === "T" && relativos[nome];
			const par = criar("div", "", criar("dt", "", nome), criar("dd", "", relativo ? `${relativo} (no fio: ${valor})` : valor));
			const grupo = [par, ...celulas.slice(inicio, fim)];
			const marcar = ({ type }) => grupo.forEach(e => e.classList.toggle("fio-marca", type === "pointerenter"));
			grupo.forEach(e => { e.onpointerenter = e.onpointerleave = marcar; });
			dl.append(par);
		});
		const tamanho = criar("small", "", ` ${bytes.length} byte${bytes.length === 1 ? "" : "s"}${aviso}`);
		return criar("section", "fio-camada fio-" + letra, criar("b", "", titulo, tamanho), criar("div", "", pre, dl));
	};

	const ativar = figura => {
		const dados = JSON.parse(figura.querySelector(".fio-dados").textContent);
		const linhas = figura.querySelectorAll(".fio-tabela tbody tr");
		const desenhos = [...figura.querySelectorAll(".fio-quadro > svg")].map(svg => [...svg.querySelectorAll(".k")]);
		const total = dados.p.length;
		let passo = 0;
		let aberto = false;

		const botao = (texto, rotulo, acao) => {
			const b = criar("button", "", texto);
			atribuir(b, { type: "button", "aria-label": rotulo });
			b.onclick = acao;
			return b;
		};
		const onde = criar("p");
		atribuir(onde, { "aria-live": "polite" });
		const estados = criar("p", "fio-estados");
		const painel = criar("div", "fio-painel");
		const volta = botao("◀", "Passo anterior", () => ir(passo - 1));
		const avanca = botao("▶", "Próximo passo", () => ir(passo + 1));
		const bytes = botao("Cabeçalhos e bytes", "Cabeçalhos e bytes", () => abrir(!aberto));
		const barra = criar("div", "fio-passos", volta, avanca, onde, bytes);
		atribuir(barra, { role: "group", "aria-label": "Passo a passo" });
		const pe = criar("div", "fio-pe", barra, estados, painel);

		const abrir = sim => {
			aberto = sim;
			if (sim && !passo) passo = 1;
			mostrar();
			aparecer();
		};
		const ir = (novo, foco) => {
			passo = Math.max(0, Math.min(total, novo));
			mostrar();
			if (foco && passo) desenhos.forEach(pacotes => pacotes[passo - 1].focus({ preventScroll: true }));
			aparecer();
		};
		// O pacote escolhido não pode ficar atrás do painel nem fora da tela.
		const aparecer = () => {
			const g = desenhos.map(pacotes => pacotes[passo - 1]).find(pacote => pacote?.getClientRects().length);
			if (!g) return;
			const { top, bottom } = g.getBoundingClientRect();
			const limite = pe.getBoundingClientRect().top;
			const falta = top < 72 ? top - 72 : Math.max(0, Math.min(bottom - limite, top - 72));
			scrollBy({ top: falta, behavior: "instant" });
		};

		const detalhar = ([, de, , , camadas, base64, comprimento], celulas) => {
			const tudo = [...atob(base64)].map(letra => letra.charCodeAt(0));
			const marcos = camadas.split(" ").map(texto => [texto[0], +texto.slice(1)]);
			const relativos = { Sequência: celulas[4].textContent, Confirmação: celulas[5].textContent, Janela: celulas[7].textContent };
			painel.replaceChildren(...marcos.slice(0, -1).map(([letra, inicio], i) => {
				const pedaco = tudo.slice(inicio, marcos[i + 1][1]);
				const falta = i === marcos.length - 2 ? comprimento - tudo.length : 0;
				const secao = camada(letra, pedaco, relativos, falta > 0 ? `, e mais ${falta} que a figura não guarda` : "");
				if (letra === "D") secao.classList.add(dados.r[de][0]);
				return secao;
			}));
		};

		const mostrar = () => {
			const atual = dados.p[passo - 1];
			desenhos.forEach(pacotes => pacotes.forEach((g, i) => {
				g.classList.toggle("fio-atual", i === passo - 1);
				g.classList.toggle("fio-depois", passo > 0 && i >= passo);
				g.tabIndex = i === Math.max(passo - 1, 0) ? 0 : -1;
			}));
			onde.textContent = atual ? `Passo ${passo} de ${total}: ${atual[3]}` : `${total} passo${total === 1 ? "" : "s"}: ande com ◀ ▶ ou escolha um pacote`;
			volta.disabled = passo === 0;
			avanca.disabled = passo === total;
			bytes.setAttribute("aria-expanded", aberto);
			painel.hidden = !aberto || !atual;
			if (!painel.hidden) detalhar(atual, linhas[passo - 1].cells);
			const agora = dados.r.map(raia => raia[3]);
			dados.p.slice(0, passo).forEach(({ 7: mudou }) => {
				for (let i = 0; i < mudou.length; i += 2) agora[mudou[i]] = mudou[i + 1];
			});
			estados.hidden = !passo || !agora.some(Boolean);
			estados.replaceChildren(...dados.r.flatMap(([cor, nome], i) => (agora[i] ? [criar("span", cor, `${nome} `, criar("b", "", agora[i]))] : [])));
		};

		const tecla = evento => {
			const salto = { ArrowDown: passo + 1, ArrowRight: passo + 1, ArrowUp: passo - 1, ArrowLeft: passo - 1, Home: 1, End: total }[evento.key];
			if (salto !== undefined) ir(Math.max(salto, 1), true);
			else if (evento.key === "Enter" || evento.key === " ") abrir(!aberto);
			else if (evento.key === "Escape") abrir(false);
			else return;
			evento.preventDefault();
		};
		desenhos.forEach(pacotes => pacotes.forEach((g, i) => {
			atribuir(g, { role: "button" });
			atribuir(g.closest("svg"), { role: "group" });
			g.onclick = () => { passo = i + 1; abrir(true); };
			g.onfocus = () => { if (passo !== i + 1 && g.matches(":focus-visible")) ir(i + 1); };
			g.onkeydown = tecla;
			g.onpointerenter = ({ pointerType }) => { if (aberto && pointerType === "mouse") { passo = i + 1; mostrar(); } };
		}));
		if (figura.dataset.captura) barra.append(criar("span", "fio-nome", figura.dataset.captura));
		figura.querySelector(".fio-quadro").append(pe);
		figura.classList.add("fio-viva");
		mostrar();
	};

	document.querySelectorAll("figure.fio:not(.fio-viva)").forEach(ativar);
})();
