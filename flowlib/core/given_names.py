"""
Which words are given names? Common ones in the United Kingdom, across generations and communities.

Used only to judge whether cells hold people's names. No list is whole: a column is
known by the share of its cells, not by each.
"""

from __future__ import annotations

__all__ = ["GIVEN_NAMES"]

GIVEN_NAMES = frozenset(
    """
    aaron abbey abbie abby abdirahman abdul abdullah abdulrahman abena abhishek abigail abiola abu ada adaeze adam
    adebayo adel adela adele adeline aditi aditya adrian adriana adrienne adunni afsana agata agnes agnese
    agnieszka ahmad ahmed aidan aiden aileen ailsa aimee ainsley aisha aisling ajay akash akeem akira akosua alan
    alasdair alastair albert alec aled aleena alejandra alejandro aleksander aleksandra alessandra alessandro alex
    alexander alexandra alexandru alexia alexis alfie alfred ali alice alina alisha alison alistair alma althea
    alun alvin alwyn alyssa amal aman amanda amara amarjit amber ambrose ameer amelia amelie amer amina amir
    amirah amit amrit amrita amy anais anand ananya anastasia anders andrea andrei andrej andrew andrzej aneesa
    aneta angela angelica angelina angus anil anisa anita anjali anju ann anna annabel annabelle anne anneliese
    annette annie annika ansel anthony antoine anton antoni antonia antonio antony anwar aoife aphra arabella
    archibald archie arianna arjun armando arnold arran arron arsalan arshad arthur artur arun arwen arya asad
    asha asher ashley ashraf asif asim asma astrid athena atif aubrey audra audrey augusta aurelia austin ava avis
    avril ayaan ayan ayesha aylin ayodele azra babatunde bahar balbir baldev baljit balraj barbara barnaby barry
    bartek bartosz basil beata beatrice bella ben benedict benjamin bernadette bernard bernice bertha bertie
    bertram beryl beth bethan bethany betty bev beverley beverly bhavesh bhavna bianca bilal billy bisi bob bobby
    bogdan bonnie boris bozena brad bradley bram brandon brenda brendan brett brian brianna bridget bronagh
    bronwen bronwyn bruce bruno bryan bryn bryony burak byron cahal caitlin caitriona caleb callie callum calum
    calvin cameron camilla candice cara carina carl carla carlo carlos carly carmel carmen carol carole caroline
    carrie carys cassandra catalina caterina cathal catherine cathryn cathy catrin cecelia cecil cecilia cedric
    celeste celia ceri cerys chad chanel chantelle charlene charles charlie charlotte charmaine chelsea chen
    cheryl chiamaka chidi chika chinedu chinwe chioma chitra chloe chris christa christabel christal christelle
    christian christie christina christine christopher christos chukwuemeka chun cian ciara ciaran cillian cindy
    claire clara clare clarence clarice clarissa claude claudette claudia claus clementine cleo clifford clifton
    clint clive cole colette colin colleen colm connie connor conor constance cora cordelia cormac cornelia
    cornelius cosmin courtney craig crystal curtis cynthia cyril cyrus czeslaw dafydd dai daisy damian damien
    damilola damon dana daniel danielle danny danuta daphne dara darcey darcy daria darius dariusz darrell darren
    darryl dave david davina dawid dawn dayo dean deanna debbie deborah debra declan deepa deepak deirdre delia
    delroy delyth demetrius demi denis denise dennis denny denzel derek derrick dervla desmond dev devon dewi
    dexter dhruv diana diane dick diego dilip dilys dimitri dina dinesh dionne dipak divya dmitri dolores dominic
    dominik dominika dominique donal donald donna donovan dora dorcas doreen dorian dorin doris dorota dorothea
    dorothy dougal douglas duncan dwayne dwight dylan dympna eamon eamonn ebony eddie eden edgar edith edmund edna
    eduardo edward edwin edyta efe eileen eilidh eimear eirlys eithne ekaterina elaina elaine eleanor elen elena
    eleri elias elif elijah elina elinor eliot elisa elisabeth elise elisha eliza elizabeth ella elle ellen ellie
    elliot elliott ellis elma eloise elsa elsie elspeth elton elvira elwyn emeka emil emilia emiliano emilie emily
    emir emlyn emma emmanuel emmanuelle emmett emrys ena enid enrico enrique enzo eric erica erik erika erin erma
    ernest ernestine errol esme esmeralda esperanza estelle esther ethan ethel etta euan eugene eugenia eugenie
    eunice eva evan evangeline eve evelina evelyn evie ewa ewan ezekiel ezra fabian fabio faisal faiza farah
    farhan farhana farid farida farooq farrah farzana fatemeh fathima fatima fatma fatou fay faye feargal federico
    felicity felix femi ferdinand fergus fernando fidel filip filippo finbar findlay finlay finley finn fiona
    fionn fionnuala fleur flora florence florian floyd fola folake frances francesca francesco francine francis
    francisco francois frank frankie franklin fraser fred freda freddie frederick freya frieda fumiko funmilayo
    gabriel gabriela gabriele gabrielle gail gareth gary gavin gaynor gemma genevieve geoffrey george georgia
    georgiana georgie georgina geraint gerald geraldine gerard gerd germaine gerry gertrude gethin ghulam giacomo
    gianna gideon gilbert giles gillian gina gino giovanni gisela giulia giuseppe gladwyn gladys glen glenda glenn
    glenys gloria glyn godfrey godwin gopal gordana gordon grace graeme graham grainne grant grayson gregor
    gregory greta gretchen grzegorz gudrun guillermo gulnaz gunther gurdeep gurinder gurmeet gurpreet gus gustav
    gwen gwenda gwendolen gwendoline gwenllian gwilym gwyn gwyneth gwynne haadi habib habiba hadi hadiza hafsa
    hakan hal hamid hamish hamza hanan hanif hanna hannah hans harbhajan hari harish harjit harkirat harman harold
    haroon harpreet harriet harriett harrison harry haruka harvey harvinder hasan haseeb hassan hattie hayden
    haydn hayley hazel heather hector hedley heidi heinrich heledd helen helena helga hemant hennie henrietta
    henrik henry henryk herbert herman hettie hilary hilda hina hira hiroshi holly homer horace hortense howard
    howell hristo huda hugh hugo humaira humphrey hussain hussein huw hyacinth hywel iain ian iara ibrahim
    ibrahima ida idris iestyn ieuan ifan ifeanyi ifeoma ifor ignacy igor ikram ilaria ileana ilona imelda imogen
    imran ina inaya indira indra ines inga ingeborg ingrid ioan ioana iona ionut iqbal iqra ira irene ireneusz
    irfan irina iris irma irvin isaac isabel isabella isabelle isadora isha ishaan isiah isidore isla islay ismail
    isobel istvan ivan ivana ivo ivor ivy iwan iwona iza izabela jacek jacinta jack jackie jaclyn jacob jacqueline
    jacques jada jade jaden jadwiga jagdeep jagdish jagjit jago jai jaime jake jakub jalal jamal jameel james
    jamie jamil jamila jan jana jane janelle janet janette janice janina janine janusz jared jarek jarvis jasbir
    jasdeep jasleen jasmin jasmine jason jasper jaswinder javed javier jawad jay jaya jayden jayne jaz jean
    jeanette jeanne jed jeff jeffrey jelena jemima jemma jen jenna jennie jennifer jenny jenson jeremy jermaine
    jerome jerry jess jesse jessica jessie jesus jethro jia jigna jill jim jimmy jing jitendra jo joachim joakim
    joan joanna joanne joaquin jocelyn jodie jody joe joel johan johann johanna johannes john johnathan johnny
    jolanta joleen jolene jon jonah jonas jonathan jonathon joni jordan jordana jorge jose josef josefina joselyn
    joseph josephine josette josh joshua josiah josie jovan joyce jozef juan juana juanita jude judith judy jules
    julia julian julianne julie juliet juliette julio julius junaid june jurgen justin justina justine justyna
    kabir kadeem kai kaleem kalpana kamal kamala kamil kamila kamran karan kareem karen karena karim karin karina
    karl karla karolina karthik kashif kasia kasim katarina katarzyna kate kateryna katharine katherine kathleen
    kathryn kathy katia katie katrin katrina katy kavita kay kaya kayla kaylee kayleigh kazimierz keeley keiko
    keira keiran keisha keith kelechi kelly kelsey kelvin kemi ken kenan kendra keng kenji kenneth kenny kerri
    kerrie kerry kevin khadeeja khadija khaled khalid khalil khurram kiera kieran kim kimberley kiran kirsteen
    kirsten kirstie kirstin kirsty kishan kit kitty klara klaudia klaus kofi komal konrad konstantin kris krishna
    krishnan kristen kristian kristin kristina kristine krystyna krzysztof kudzai kuldeep kulwant kulwinder kumar
    kunal kurt kwabena kwame kwasi kyle kylie kyra lacey lachlan laila lakshmi lalita lamar lana lars lata latif
    latisha latoya laura laureen lauren laurence laurent laurie lavinia lawrence laxmi layla leah leander leanne
    lech lee leena leigh leila lena lennox lenny lenora leo leon leona leonard leonardo leonie leopold leroy
    lesley leslie leszek leticia letitia lettice levi lewin lewis lexi lexie liam lidia lilian liliana lilla
    lillian lillie lily lina linda lindsay lindsey linh linnea linus lionel lisa lisbeth liv liviu liz liza lizzie
    llewellyn llinos lloyd logan lois lola lolita lorenzo loretta lori lorna lorraine lottie lou louie louis
    louisa louise lourdes lowri luan luc luca lucas lucia lucian luciana lucie lucille lucinda lucjan lucretia
    lucy ludmila luis luisa lukas lukasz luke lulu luther lydia lyla lynda lyndon lynette lynn lynne lynsey lyra
    mabel mabli maciej mackenzie maddison madeleine madeline madge madhavi madison mae maeve magda magdalena
    magdalene maggie magnus mahmood mahmoud mahnoor maia mair maire mairead mairi maisie maja malachi malachy
    malala malcolm malgorzata malik malika mallory mamadou mandeep mandy manfred manish manisha manjit manjula
    manoj manpreet mansoor manuel manuela mara marc marcel marcela marcella marcello marcia marcin marcus marek
    margaret margarita margery margot marguerite mari maria mariam mariama mariana marianna marianne marie
    mariella marika marilyn marin marina mario marion marios marisa marissa marius mariusz marjorie marjory mark
    marko marlene marlon marsha marta martha martin martina marty martyn marvin marwa mary maryam maryann maryanne
    marzena masood massimo mateusz mathew mathilda matilda matteo matthew matthias mattie maud maude maura maureen
    maurice mauro mavis max maxim maximilian maxine maxwell may maya mayowa mbali meena meera megan megha mehmet
    mehreen mehul mei meike meir mel melanie melinda melissa melody melvin melvyn meredith merle merlin mervyn
    meryl mia micah michael michaela michal micheal michel michele michelle mick mickey miguel mihaela mihai mika
    mike mikhail mila milan mildred milena miles milica millie milo milton mina minal ming mingma minh minna
    minnie mira miranda mirela miriam miroslav misbah mitchell mobeen modupe mohamad mohamed mohammad mohammed
    mohammedali mohan mohinder mohsin moira mollie molly mona monica monika monique montgomery morag moreen morgan
    morris mortimer morwenna moses moshe muhammad muhammed muhammet mukesh munira murdo muriel murray musa mustafa
    mya myfanwy myles myra myriam myrtle nabeel nabil nadeem nadia nadine nahid naila naina najma nancy nanette
    nanna naomi nasir nasreen nasrin nasser natalia natalie nataliya natan natasha nathalie nathan nathaniel
    navdeep naveed navjot neal ned neelam neha neil nell nellie nelly nerys nessa nesta nevaeh neve neville ngozi
    nia niall niamh nicholas nick nicki nicky nico nicola nicolae nicolas nicole niels nigel nikhil niki nikita
    nikki nikola nikolai nikos nila nils nina nirmala nisha nishant nita nitin nkechi noah noel noeleen noella
    noelle nola nolan noor nora norbert noreen norma norman norton nuala nuno nura nusrat nyasha oana obi octavia
    odette odhran ola olaf olayinka ole olena olga olive oliver olivia oliwia oliwier olu oluchi olufemi olumide
    oluwaseun oluwatobi olwen olwyn omar omari omolara oona ophelia ora oren orla orlaith orlando osama osborne
    oscar osian oskar osman oswald otis otto oui owain owen oyin ozan pablo paddy padraic padraig paige paloma pam
    pamela pamina pandora paolo parisa parminder parveen parvin pascal pascale pasquale patrice patricia patricio
    patrick patrik patrycja patryk patsy patti paul paula paulette paulina pauline paulo pavel pawel payal paz
    pearl pedro peggy penelope penny percival percy perpetua perry petar peter petra petros petru petula phebe
    phil philip philippa philippe phillip phoebe phylis phyllis pia pier pierre pilar piotr pippa pius polly pooja
    poonam poppy pradeep prakash pranav prasad prashant prathima praveen preeti premila preston primrose princess
    prisca priscilla priti pritpal priya priyanka przemyslaw puneet pushpa qasim qiang queenie quentin quincy
    quinn quintin rabia rachael rachel rachelle radoslaw rafael rafal rafiq raheela raheem rahel rahim rahman
    rahul raisa raj raja rajan rajesh rajinder rajiv rajni rakesh ralf ralph ram rama ramesh ramon ramona ramsey
    rana randall randolph ranjit ranulph raphael rasheed rashid rashida raul ravi ravinder ray raya raymond
    raymund razia rebecca reece reena reg reggie regina reginald rehan rehana reiss rekha remi remy rena renata
    rene renee renuka reuben rex reyhan rhea rhian rhiannon rhoda rhodri rhona rhonda rhonwen rhydian rhys ria
    ricardo riccardo richard rick ricky riley rishi rita ritu riya rizwan robbie robert roberta roberto robin
    robyn rocco roderick rodney rodrigo roger rohan rohini rohit roisin roland rolf roma roman romana romeo romy
    ronald ronan ronnie roopa rory rosa rosaleen rosalie rosalind rosalyn rosamund rosanna roscoe rose roseanne
    rosemary roshni rosie rosina roslyn ross rowan rowena roxana roxanne roy royston roza rubina ruby rudolf rudy
    rufus rui rukhsana rumana rupert rupinder russ russell rusty ruta ruth ryan ryszard saad saanvi sabah sabina
    sabine sabrina sachin sadia sadie saeed safa saffron safia sahar sahil saif saima sajid sakina salahuddin
    saleem salim salima sally salma salman salome sam samad samantha samina samir samira sammy samson samuel sana
    sandeep sandra sandy sangeeta sania sanjana sanjay sanjeev santiago santosh saoirse sara sarabjit sarah sarath
    sarika sasha satnam saul saurabh savannah savita scarlett scott seamus sean sebastian seema selena selina
    selma selwyn serena serge sergei sergio seth seumas seun shabana shabir shabnam shafiq shagufta shahbaz
    shaheen shahid shahida shahnaz shaista shakeel shakira shameem shamim shamus shan shana shane shanelle shanice
    shannon shanti sharon shaun shauna shaunagh shawn shayla shazia sheela sheena sheikh sheila shelagh shelley
    shelly shereen sheridan sherlock sherry sheryl shilpa shira shireen shirley shivani shobha shona shreya shukri
    sian siana sid siddharth sidney sidra siegfried sienna sigrid silas silvia silvio simeon simon simone simran
    sinead siobhan sioned sita siva skye slawomir sofia sofie sohail solomon sonal sonia sonja sonya sophia sophie
    soraya soren spencer sri stacey stacy stan stanislav stanislaw stanley stefan stefania stefano stelian stella
    steph stephan stephanie stephanos stephen stevan steve steven stevie stewart stuart sujata sukhdeep sukhjit
    sukhwinder sultana suman sumaya sumita sunil sunita suraj surbhi suresh surinder surjit susan susanna susannah
    susanne sushila susie suzanne sven svetlana swati sybil sydney syed sylvester sylvia sylvie sylwia szymon
    tabitha tadeusz taha tahir tahira tahlia taiwo takeshi talia talitha tamar tamara tamika tammy tamsin tania
    tanisha tanith tanveer tanya tapiwa tara taran taranjit tarek tariq tarun taslima tasneem tatiana tatyana
    taylor tayo teagan ted teddie teddy tegan tegwen tendai tenzin terence teresa terese terrance terry tess tessa
    thaddeus thandiwe thea thelma theo theodora theodore theodoros theresa therese thi thierry thomas thomasina
    thora tiago tianna tiernan tiffany tilly timothee timothy timur tina tinashe tine tobi tobias tobin toby todd
    tolu tom tomas tomasz tommy tomos tony tonya topaz torquil tosin tracey tracie tracy trang travis trefor trent
    trevor trina trisha tristan trixie troy trudi trudy trystan tuan tudor tunde tyler tyra tyrell tyrone tyson
    uche ugo ulrich ulrika uma umair umar una ursula usha usman uzma uzoma vaclav vaishali val valentin valentina
    valentine valeria valerie vanessa vasile vasiliki vasilis vaughan vaughn veena venetia vera verity verna
    vernon veronica vesna vicki vickie vicky victor victoria vidya vijay vikas vikram viktor viktoria vilma vinay
    vince vincent vincenzo vinod viola violet viorel virginia vishal vitaly vivek vivian vivien vivienne vlad
    vladimir vusi waheed wahid waldemar wallace walter wanda waqar waqas warren warwick wasim wayne wei wendell
    wendy werner wes wesley wies wieslaw wiktoria wilbur wilf wilfred wilhelm wilhelmina william wilma wilson
    winifred winnie winston wioletta witold wojciech woody wyn wynne xander xavier xenia xia xiao ximena xin yahya
    yan yana yang yash yashoda yasir yasmeen yasmin yasmina yasmine yaw yee yelena yemi yetunde yiannis ying
    yolanda yolande yong yoshiko youssef yui yuki yuri yusra yusuf yves yvette yvonne zac zach zachariah zachary
    zack zahid zahida zahir zahra zaid zaida zainab zak zakaria zaki zalika zane zanele zania zara zareen zarina
    zbigniew zdenek zeb zeenat zehra zeinab zelda zelma zena zeynep zhanna zhen zhi zia ziggy zina zita ziva zoe
    zofia zoltan zoran zorana zosia zubaida zubair zuleika zuzana zuzanna zygmunt
    """.split()  # noqa: SIM905 - a list of 2,400 quoted words would be harder to read
)
