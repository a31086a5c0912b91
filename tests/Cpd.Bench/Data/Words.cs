namespace Cpd.Bench.Data;

/// <summary>What names, titles and sentences are made of.</summary>
static class Words {
    public static readonly string[] First = ["Amina", "Olivia", "Grace", "Priya", "Sophie", "Chloe", "Fatima", "Megan", "Hannah", "Zara", "Emily", "Leanne", "Joanne", "Tracey", "Karen", "Rukhsana", "Ngozi", "Agnieszka", "Bethany", "Ellie",
        "Lucy", "Holly", "Kirsty", "Natalie", "Samantha", "Daniel", "Thomas", "Mohammed", "James", "Oliver", "Kofi", "Liam", "Adeola", "Maria", "Elena", "Wei", "Mei", "Harpreet", "Gurdeep", "Siobhan"];
    public static readonly string[] Last = ["Smith", "Jones", "Taylor", "Brown", "Williams", "Wilson", "Johnson", "Davies", "Patel", "Robinson", "Wright", "Thompson", "Evans", "Walker", "White", "Roberts", "Green", "Hall", "Wood", "Jackson",
        "Clarke", "Khan", "Hussain", "Ahmed", "Begum", "Okafor", "Mensah", "Kowalska", "Nowak", "Singh", "Kaur", "Murphy", "Kelly", "Ali", "Shah", "Lewis", "Harris", "Cooper", "King", "Turner", "Hill", "Ward", "Morris", "Moore", "Baker"];
    public static readonly string[] Setting = ["Little Acorns", "Bright Stars", "Busy Bees", "Rainbow", "Sunflower", "Happy Days", "Tiny Steps", "The Willows", "Oak Tree", "Ladybirds", "Caterpillars", "Puddle Lane", "Meadow View", "St Mary", "Riverside", "Hillside", "Poppies", "Honeypot", "First Steps", "Daisy Chain"];
    public static readonly string[] Kind = ["Nursery", "Pre-School", "Day Nursery", "Playgroup", "Kindergarten", "Children Centre"];
    public static readonly string[] Topic = ["Safeguarding", "Paediatric first aid", "Food hygiene", "Speech and language", "Babbling babies", "Phonics", "Early maths", "Outdoor play", "Sensory play", "Attachment", "Behaviour", "Inclusion", "Autism", "Send code of practice",
        "Transitions", "Key person", "Observation", "Schemas", "Storytelling", "Music and movement", "Physical development", "Self-regulation", "Leadership", "Supervision", "Prevent duty", "Health and safety", "Safe sleep", "Oral health", "Healthy eating", "English as an additional language"];
    public static readonly string[] Angle = ["an introduction", "level 2", "level 3 for leads", "refresher", "for childminders", "in the baby room", "in practice", "working with families", "making it everyday", "planning and review"];
    public static readonly string[] Sentence = ["You will leave with ideas to try the next day.", "Bring an example from your own setting.", "Led by people who work with young children every day.", "Suitable for everyone who is new to the subject.",
        "We look at what research says and what it means at the water tray.", "There is time to talk with others from your area.", "You will get a workbook to use with your team.", "It meets the requirements of the early years framework."];
    public static readonly string[] Outcome = ["Explain why it matters in the first five years", "Recognise signs that a child needs more help", "Plan an environment that invites children in", "Talk with families about what you see", "Use the observation cycle with confidence", "Know when to ask for advice, and whom"];
    public static readonly string[] Job = ["Practitioner", "Practitioner", "Practitioner", "Practitioner", "RoomLeader", "RoomLeader", "Senco", "SafeguardingLead", "Apprentice", "Other"];

    /// <summary>Lower case, letters and digits only, a space before each word: as Training makes its keys of plain English.</summary>
    public static string Key(string text) {
        var key = new System.Text.StringBuilder(text.Length + 1);
        var gap = true;
        foreach (var c in text) {
            if (c == '\'') continue;
            if (!char.IsLetterOrDigit(c)) { gap = true; continue; }
            if (gap) key.Append(' ');
            gap = false;
            key.Append(char.ToLowerInvariant(c));
        }
        return key.ToString();
    }
}
