"""
Which words are family names? Common ones in the United Kingdom, across communities.

Beside a given name they tell a person from a ward. `EVERYDAY` are names that are
ordinary words, places, flowers or the namesakes of wards: alone they tell nothing.
"""

from __future__ import annotations

__all__ = ["EVERYDAY", "FAMILY_NAMES"]

FAMILY_NAMES = frozenset(
    """
    abbott abdi abdullah abraham abrahams abubakar adamczyk adams adamson adebayo adeleke adeyemi afolabi agarwal
    aggarwal agyemang ahmad ahmadi ahmed ainsworth aitken akhtar akinola alam alderson aldridge alexander ali
    allan allen allison alvarez amin anand anderson andrews antoniou anwar appiah appleby appleton archer armitage
    armstrong arnold arshad asante ashby ashton ashworth aslam aspinall atkins atkinson austin awan ayres aziz
    babatunde bailey bains baker baldwin balogun banerjee banks bannister barber barker barlow barnard barnes
    barnett barr barrett barron barrow barry bartlett barton bates battersby baxter bayliss beardsley beattie
    beaumont beckett bedford begum bell bellamy bennett benson bentley berry best bevan beveridge bhandari bhatia
    bhatt bi bibi biggs binns birch bird bishop black blackburn blackwell blair blake bloggs boateng bolton bond
    bonner booth bose boswell bourne bowden bowen bower bowers bowman boyce boyd boyle bradbury bradford bradley
    bradshaw brady braithwaite bray brennan brewer bridges briggs bright britton broadbent brook brooke brooks
    broughton brown browne browning bruce bryan bryant buchanan buckley budd bull bullock burgess burke burnett
    burns burrows burton butcher butler butt butterworth byrne caddick cairns callaghan callahan cameron campbell
    cannon cardoso carey carlisle carmichael carpenter carr carroll carson carter cartwright casey cassidy
    castillo caudwell chadwick chakraborty chambers chan chandler chang chapman chappell charlton chatterjee
    chaudhary chaudhry chauhan cheema chen cheng cheung chi chikwanha childs chinyama chiu cho chopra choudhary
    choudhury chow chowdhury christie chu chukwu chukwuma chung clancy clark clarke clarkson clay clayton cleary
    clegg clements clifford coates cobb cochrane cohen coleman coles colley collier collins collinson connell
    connelly connolly connor conroy conway cook cooke cooney cooper copeland corbett costa costello coulson cowan
    cox coyle craig crane crawford creasey croft crompton crook cross crossley crowe crowther cruz cullen cummings
    cunningham curran currie curry curtis dahl dale dalton daly daniel daniels darby das davenport davey david
    davidson davies davis davison dawkins dawson day deacon dean delaney dempsey denham dennis denton desai devine
    devlin dewar dhaliwal dhillon diaz dickens dickinson dickson dixon dobson dodd dodds doherty dolan donaldson
    donnelly donohue donovan doran douglas dowling downes downing downs doyle drake drew driscoll drummond du dube
    dudley duff duffy duggan duncan dunlop dunn dunne durrant dutta dwyer dyer dyson eaton edge edmonds edwards
    egan elliott ellis ellison emerson english espinosa essien etheridge evans everett ewing eze ezeh fairbairn
    fairclough farah farmer farooq farrell faulkner fawcett fearon fellows fenton ferguson fernandes fernandez
    fernando ferreira field fielding finch finlay finney firth fischer fish fisher fitzgerald fitzpatrick
    fitzsimmons flanagan fleming fletcher flynn foley forbes ford forrest forster forsyth foster fowler fox
    francis franklin fraser freeman french frost fry fuller gadsby gallagher galloway galvin gandhi garcia
    gardiner gardner garner garrett garside gaskell gates george georgiou gibbons gibbs gibson gilbert giles gill
    gillespie gilmore given glover goddard godfrey godwin goldberg goldstein gomes gomez gonzales gonzalez goodall
    goodman goodwin gordon gorman gough gould grabowski grady graham grainger grant graves gray greaves green
    greenhalgh greenwood gregory grewal grey grieve griffin griffith griffiths grimshaw grover gunn gupta gurung
    guthrie guy haddad haigh hale hall hallam halliday halpin hamid hamilton hammond hampson hancock hand hanif
    hanley hannah hansen hanson haque harding hardman hardwick hardy hargreaves harper harris harrison harrop hart
    hartley harvey hasan haslam hassan hastings hawkins hawthorne hay hayes haynes hayward head heath heaton
    henderson hendry henry herbert hernandez heron hewitt hibbert hicks higgins higginson hill hills hilton hinds
    hirst ho hoang hobbs hobson hodge hodges hodgkinson hodgson hogan holden holder holland holloway holmes holt
    hood hooper hope hopkins hopkinson horne horner horton hossain houghton houston howard howarth howe howell
    howells huang hudson huggins hughes hull humphrey humphreys humphries hunt hunter hurley hurst hussain hussein
    hutchins hutchinson hutchison hutton hyde ibrahim idowu ilyas ingham ingram innes iqbal ireland irvine irving
    isaac islam ismail ivanov ivanova ivory iwu jablonski jackson jacob jacobs james jameson jamieson janjua
    jankowski jansen jarvis javed jeffery jeffries jenkins jenkinson jennings jha jimenez johal johansson john
    johns johnson johnston johnstone jones jordan joseph joshi joyce judd judge kabir kaczmarek kamara kaminski
    kane kang kapoor karim kaur kavanagh kay keane kearney keating keeling keenan kelleher keller kelly kemp
    kendall kennedy kenny kent kenyon kerr kershaw keys khalid khalil khan khatri khatun kidd kiely king kingsley
    kipling kirby kirk kirkham kirkpatrick kitchen klein knight knowles knox koch kovac kovacs kowalczyk kowalska
    kowalski kozlowski krawczyk krishnan kumar kumari kwan kwok lacey lai laing lake lal lam lamb lambert
    lancaster lane lang langley larkin larsen latham lau laurie lavery law lawal lawler lawlor lawrence laws
    lawson lawton le leach leahy leary lee leech lees leigh lennon lennox leonard leslie lester leung levy
    lewandowska lewandowski lewis li lim lin lindsay ling lister little liu livingstone lloyd lo lock locke
    lockwood logan lomax long longden lopez lord love lovell lowe lowry lucas lui lynch lyon lyons macdonald
    macintyre mackay mackenzie mackie maclean macleod macpherson madden magee maguire maher mahmood mahmoud mair
    majid malik mallon malone mancini manning mansfield mansoor marsden marsh marshall martin martinez masih mason
    massey matthews maxwell may mayer mazur mbeki mcallister mcarthur mcauley mcbride mccabe mccafferty mccall
    mccann mccarthy mccartney mcclelland mccluskey mcconnell mccormack mccormick mccoy mccullough mcdermott
    mcdonagh mcdonald mcdonnell mcdougall mcdowell mcevoy mcewan mcfarlane mcgee mcgill mcginley mcgovern mcgowan
    mcgrath mcgregor mcguinness mcguire mchugh mcintosh mcintyre mckay mckee mckenna mckenzie mckeown mckinney
    mclaren mclaughlin mclean mcleod mcloughlin mcmahon mcmanus mcmillan mcnally mcnamara mcnulty mcphee mcpherson
    mcqueen mctavish mead meehan mehmood mehta mellor melville menon mensah mercer meredith metcalfe meyer miah
    michalski middleton millar miller mills milne milner milton mir mirza mishra misra mistry mitchell moffat
    mohamed mohammad mohammed mohamud molloy monaghan monk montgomery moody moon moore moorhouse morales moran
    moreno morgan morley morris morrison morrow mortimer morton moss moyo mueller muhammad muir mukherjee
    mulholland mullen muller mulligan munro murphy murray musa mustafa mwangi myers nagy naidoo nair nandi naqvi
    nash naylor nazir ncube ndlovu neal needham neill nelson nesbitt neville newell newman newton ng ngo nguyen
    nicholas nicholls nichols nicholson nicol nightingale nixon nkosi noble nolan noor norman norris north norton
    nowak nowakowski nunn nuttall nwankwo nwosu o'brien o'callaghan o'connell o'connor o'donnell o'donoghue
    o'dwyer o'flynn o'grady o'hara o'kane o'keefe o'leary o'mahony o'malley o'neill o'reilly o'rourke o'shea
    o'sullivan o'toole oakes oakley obi obrien odonnell ogden ogunbanjo ogunleye ojo okafor okeefe okeke okonkwo
    okoro okoye olaniyan oliveira oliver olsen olsson omar oneill onyango orr ortiz osborne osman osullivan otieno
    owen owens owusu oyelaran pace page paige palmer pandey papadopoulos parekh park parker parkes parkin
    parkinson parmar parr parry parsons partridge patel paterson patil patterson pattison paul payne peacock
    pearce pearson peck pemberton penn pennington pereira perera perez perkins perry peters petersen peterson
    petrov petrova pham phillips phiri pike pinto piotrowski piper pitt platt plummer pollard pollock popa pope
    popescu popov porter potter potts powell power prasad pratt preece prendergast prentice prescott preston price
    priestley prince prior pritchard proctor pryce pugh purcell purdy purvis pye pyke qadir quarshie quayle
    quigley quinn qureshi radcliffe rae rafferty rafiq rahman raja rajput ram ramachandran ramirez ramos ramsay
    ramsden ramsey rana randall rao rashid ratcliffe rauf rawat rawlings ray raymond rayner raza read reade reddy
    redfern redmond reed rees reeves regan rehman reid reilly reyes reynolds rhodes ribeiro rice rich richards
    richardson richmond rickard riddell ridley rigby riley ritchie rivera rizvi roach robb roberts robertson
    robins robinson robson roche rodgers rodrigues rodriguez rogers rojas rollins romero rooney roper rose ross
    rossi rothwell rowan rowe rowland rowlands rowley roy royle rudd ruiz rush rushton russell russo rutherford
    ryan ryder sadiq saeed saha sahota saleem salmon sampson samuel sanchez sanders sanderson sandford sandhu
    santos sarkar saunders savage sawicki sawyer sayers scanlon schmidt schneider schofield schwartz scott seddon
    sehgal selby sellers sengupta sesay sewell sexton shaffi shah shahid shaikh shannon sharif sharma sharp sharpe
    sharples shaw shea sheehan sheikh shelton shepherd sheppard sheridan sherwood shields shore short siddique
    siddiqui sidhu silva silver sim simmonds simmons simms simon simons simpson sims sinclair singh singleton
    sinha skelton skinner slade slater sloan small smart smith smyth smythe snell snow sobczak sohal solanki soni
    southern sparks spears speight spence spencer spooner squires stacey stafford stanley stanton stark steel
    steele stephens stephenson stevens stevenson steward stewart stirling stokes stone storey stott strickland
    strong stuart suleiman sullivan summers sun sutcliffe sutherland sutton swain swan swann sweeney swift sykes
    symonds szabo szczepanski szymanski tahir tait talbot tan tang tanner tariq tate taylor teague temple
    templeton terry thakur thapa thatcher thomas thompson thomson thorne thornton thorpe thurston tiernan timms
    tindall tipping tobin todd tomlinson tompkins tonge toth townsend tracey tran travers travis tsang tse tucker
    tully turnbull turner tuttle twigg tyler tyson uddin ullah umar underwood unwin upton usman uzoma van vance
    varghese varma vasquez vaughan vega venables verma vickers villa vincent vine virk wade wadsworth wagner
    wainwright waite wakefield walker wall wallace waller wallis walsh walter walters walton wang warburton ward
    wardle ware waring warner warren warsame waterhouse waterman waters watkins watkinson watson watt watts weaver
    webb webber weber webster welch wells welsh wentworth west weston whalley wharton wheeler whelan whitaker
    white whitehead whitehouse whiteley whitfield whiting whittaker whittle whitworth whyte wilcox wild wilde
    wilding wilkes wilkins wilkinson wilks williams williamson willis wills wilson winstanley winter winterbottom
    winters wisniewski wojcik wolf wolfe wong wood woodcock woodhouse woodruff woods woodward woolley worrall
    worthington wozniak wright wu wyatt wynne xiao xie xu yadav yang yates yeates yeoman yilmaz yip york young
    younger younis yousaf yousef yuan yusuf zafar zaheer zaman zawadzki zhang zhao zheng zhou zhu zielinski
    zimmerman zubair zulu
    """.split()  # noqa: SIM905 - a list of 1,500 quoted words would be harder to read
)

EVERYDAY = frozenset(
    """
    albert alexandra amber an april art ash august autumn banks basil bath bell berry best bevan bird bishop black
    blackwell bolton bond bray bridges bright britton brook brooks brown bull burton butler butt cannon carlisle
    case cavell chambers charlotte chase chelsea christian christie churchill clay cook coral cross crystal daisy
    dawn day dean derby devon do down downs drew dyer edge elizabeth english eve farmer fast field fields fish
    fleming florence ford fox frank french frost fry garrett gates george georgia given good grace gray green grey
    guy hal hale hall hand hardy hastings hazel he head heath heather hill hills ho holder holly hood hope horn
    hunt hurst in ireland iris ivory ivy jack jade jasmine jenner joy judge june kent key keys kit kitchen knight
    la lake lamb lancaster lane law le li lincoln lister lo lock long lord love low luke major mark marsh mary max
    may mead miles mills milton minor monk moon moss nelson nightingale north olive pace page paris park parks pat
    pearl penny pike pitt poole pope poppy porter preston price prince prior ray read reader rex rice rich ring
    rivers robin rose ruby rush saffron sage sands savage savannah seacole sharp shore short silver sim sky skye
    small snow so sol southern sparks spears star stark steel stone storey storm strong summer summers sun swan
    swift temple tipping to victor victoria vine violet wade wall ward ware waters wellington wells west white
    wild will wills wing winter winters wolf wood woods x york young
    """.split()  # noqa: SIM905 - as above
)
